// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A block of IP addresses, as {@code 10.0.0.0/8} or {@code 2001:db8::/32} write it (RFC 4632, RFC 4291 §2.3). Immutable.
 *
 * @param prefix the four or sixteen bytes of an address in the block
 * @param bits how many leading bits all addresses of the block share
 */
public record AddressRange(List<Byte> prefix, int bits) {
    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if there are not four or sixteen bytes, or fewer bits than {@code bits}
     */
    public AddressRange {
        prefix = List.copyOf(prefix);
        if (prefix.size() != 4 && prefix.size() != 16 || bits < 0 || bits > 8 * prefix.size()) {
            throw new IllegalArgumentException(
                    "An address range has 4 or 16 bytes and no more bits than they hold, got " + prefix.size()
                            + " bytes and /" + bits);
        }
    }

    /**
     * Reads a range.
     *
     * @param text an address literal and, after a slash, the number of bits; without a slash that one address
     * @throws IllegalArgumentException if it is no literal, so that nothing is ever looked up, or the bits are too many
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        if (!literal.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("An address range begins with an address literal, got " + text);
        }
        try {
            byte[] bytes = InetAddress.getByName(literal).getAddress(); // a literal is not looked up
            Byte[] boxed = new Byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                boxed[i] = bytes[i];
            }
            int bits = slash < 0 ? 8 * bytes.length : Integer.parseInt(text.substring(slash + 1));
            return new AddressRange(List.of(boxed), bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("Not an address range: " + text, e);
        }
    }

    /** Whether an address is in the block. IPv4 addresses are never in a block of IPv6, nor the other way round. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.size()) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((address[bit >> 3] ^ prefix.get(bit >> 3)) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
