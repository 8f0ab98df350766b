// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * IP addresses as text, IPv6 in the one form that RFC 5952 §4 leaves. Java writes the long form, and peers that compare
 * candidates as text (Pion, aioice) would not recognise our answers.
 */
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /** The literal of an address, without a zone. */
    public static String of(InetAddress ip) {
        return ip instanceof Inet6Address ? ofIpv6(ip.getAddress()) : ip.getHostAddress();
    }

    private static String ofIpv6(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = StunMessage.int16(bytes, 2 * i);
        }
        int longest = 0;
        int longestAt = -1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zerosFrom(groups, i);
            if (zeros > longest) {
                longest = zeros;
                longestAt = i;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == longestAt && longest > 1) { // §4.2.2: a single zero is not shortened
                text.append("::");
                i += longest - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static int zerosFrom(int[] groups, int first) {
        int at = first;
        while (at < GROUPS && groups[at] == 0) {
            at++;
        }
        return at - first;
    }
}
