// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.security.GeneralSecurityException;

/**
 * AES in counter mode under one key. The caller writes the first counter block into {@link #counter} and crypts; the block
 * holds rubbish afterwards. Not thread-safe.
 */
interface CounterCipher extends AutoCloseable {
    /** The counter block, 16 bytes, to be written before each {@link #crypt}. */
    byte[] counter();

    /**
     * Encrypts, or decrypts, which is the same. Source and destination may be one array at one offset, else they must not
     * overlap. Offsets and room are the caller's duty.
     */
    void crypt(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) throws GeneralSecurityException;

    /** Zeroes the key. */
    @Override
    void close();
}
