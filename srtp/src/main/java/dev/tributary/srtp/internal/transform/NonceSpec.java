// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.util.Arrays;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The parameters of a GCM cipher, used over and over: the class of the JDK copies the nonce twice for each packet, which is
 * 88 bytes of garbage ({@code SrtpAllocationTest}). It hands out two arrays by turns, because a cipher keeps the last nonce to
 * refuse its second use.
 */
final class NonceSpec extends GCMParameterSpec {
    private static final int NONCE_BYTES = 12;

    private byte[] latest = new byte[NONCE_BYTES];
    private byte[] before = new byte[NONCE_BYTES];

    NonceSpec(int tagBits) {
        super(tagBits, new byte[NONCE_BYTES]);
    }

    /** The array for the next nonce; what it held is two packets old. */
    byte[] next() {
        byte[] oldest = before;
        before = latest;
        latest = oldest;
        return oldest;
    }

    /** The nonce written last, not a copy of it. */
    @Override
    public byte[] getIV() {
        return latest;
    }

    /** Zeroes both, which tell the salt. */
    void destroy() {
        Arrays.fill(latest, (byte) 0);
        Arrays.fill(before, (byte) 0);
    }
}
