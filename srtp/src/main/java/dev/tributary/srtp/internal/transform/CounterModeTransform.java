// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import dev.tributary.srtp.SrtpFailure;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1, §4.2.1). The HMAC is spelled out over one digest object: the
 * JDK's {@code Mac} costs a copy of the digest for each packet.
 *
 * <pre>
 * RTP:   header | payload (encrypted) | tag over all before and the roll-over counter
 * RTCP:  8 octets | payload (encrypted) | E, index | tag over all before
 * IV:    (salt * 2^16) xor (SSRC * 2^64) xor (index * 2^16)
 * </pre>
 */
public final class CounterModeTransform extends Transform {
    private static final int DIGEST_BYTES = 20;
    private static final int DIGEST_BLOCK_BYTES = 64;

    private final CounterCipher cipher;
    private final byte[] salt;
    private final byte[] innerPad = new byte[DIGEST_BLOCK_BYTES];
    private final byte[] outerPad = new byte[DIGEST_BLOCK_BYTES];
    private final int tagBytes;
    private final byte[] trailer = new byte[4];
    private final byte[] digest = new byte[DIGEST_BYTES];
    private final MessageDigest sha1;

    /**
     * Takes the keys over.
     *
     * @param cipher AES under the session's cipher key
     * @param salt 14 bytes
     * @param authenticationKey 20 bytes
     * @param tagBytes how much of the HMAC is sent
     */
    CounterModeTransform(CounterCipher cipher, byte[] salt, byte[] authenticationKey, int tagBytes) {
        this.cipher = cipher;
        this.salt = salt;
        this.tagBytes = tagBytes;
        Arrays.fill(innerPad, (byte) 0x36);
        Arrays.fill(outerPad, (byte) 0x5C);
        for (int i = 0; i < authenticationKey.length; i++) {
            innerPad[i] ^= authenticationKey[i];
            outerPad[i] ^= authenticationKey[i];
        }
        Arrays.fill(authenticationKey, (byte) 0);
        try {
            // The JDK's own, whatever the provider: it has an intrinsic, and clones nothing.
            this.sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no SHA-1, which every JVM must have", e);
        }
    }

    @Override
    public int sealRtp(
            int ssrc, long index, byte[] src, int srcOffset, int headerLength, int length, byte[] dst, int dstOffset) {
        try {
            crypt(ssrc, index, src, srcOffset + headerLength, length - headerLength, dst, dstOffset + headerLength);
            copy(src, srcOffset, headerLength, dst, dstOffset);
            writeInt(trailer, 0, (int) (index >>> 16));
            tag(dst, dstOffset, length, true);
        } catch (GeneralSecurityException | RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        System.arraycopy(digest, 0, dst, dstOffset + length, tagBytes);
        return length + tagBytes;
    }

    @Override
    public int openRtp(
            int ssrc, long index, byte[] src, int srcOffset, int headerLength, int length, byte[] dst, int dstOffset) {
        int tagged = length - tagBytes;
        try {
            writeInt(trailer, 0, (int) (index >>> 16));
            tag(src, srcOffset, tagged, true);
            if (!tagEquals(src, srcOffset + tagged)) {
                return SrtpFailure.AUTHENTICATION.status();
            }
            crypt(ssrc, index, src, srcOffset + headerLength, tagged - headerLength, dst, dstOffset + headerLength);
        } catch (GeneralSecurityException | RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        copy(src, srcOffset, headerLength, dst, dstOffset);
        return tagged;
    }

    @Override
    public int sealRtcp(int ssrc, int index, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int payload = length - RTCP_HEADER_BYTES;
        try {
            crypt(ssrc, index, src, srcOffset + RTCP_HEADER_BYTES, payload, dst, dstOffset + RTCP_HEADER_BYTES);
            copy(src, srcOffset, RTCP_HEADER_BYTES, dst, dstOffset);
            writeInt(dst, dstOffset + length, index | 0x8000_0000);
            tag(dst, dstOffset, length + ESRTCP_WORD_BYTES, false);
        } catch (GeneralSecurityException | RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        System.arraycopy(digest, 0, dst, dstOffset + length + ESRTCP_WORD_BYTES, tagBytes);
        return length + ESRTCP_WORD_BYTES + tagBytes;
    }

    @Override
    public int openRtcp(int ssrc, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int tagged = length - tagBytes;
        int plain = tagged - ESRTCP_WORD_BYTES;
        int word = readInt(src, srcOffset + plain);
        // RFC 3711 §3.4: without the E flag the packet is not encrypted.
        int clear = word < 0 ? RTCP_HEADER_BYTES : plain;
        try {
            tag(src, srcOffset, tagged, false);
            if (!tagEquals(src, srcOffset + tagged)) {
                return SrtpFailure.AUTHENTICATION.status();
            }
            if (clear < plain) {
                crypt(ssrc, word & 0x7FFF_FFFF, src, srcOffset + clear, plain - clear, dst, dstOffset + clear);
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        copy(src, srcOffset, clear, dst, dstOffset);
        return plain;
    }

    @Override
    public int esrtcpWord(byte[] src, int end) {
        return readInt(src, end - tagBytes - ESRTCP_WORD_BYTES);
    }

    private void crypt(int ssrc, long index, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset)
            throws GeneralSecurityException {
        byte[] iv = cipher.counter();
        System.arraycopy(salt, 0, iv, 0, salt.length);
        iv[14] = 0;
        iv[15] = 0;
        xorInt(iv, 4, ssrc);
        xorInt(iv, 8, (int) (index >>> 16));
        iv[12] ^= (byte) (index >>> 8);
        iv[13] ^= (byte) index;
        cipher.crypt(src, srcOffset, length, dst, dstOffset);
    }

    private void tag(byte[] bytes, int offset, int length, boolean withTrailer) throws DigestException {
        sha1.update(innerPad);
        sha1.update(bytes, offset, length);
        if (withTrailer) {
            sha1.update(trailer);
        }
        sha1.digest(digest, 0, DIGEST_BYTES);
        sha1.update(outerPad);
        sha1.update(digest);
        sha1.digest(digest, 0, DIGEST_BYTES);
    }

    /** In constant time: how far a forgery is right must not show. */
    private boolean tagEquals(byte[] bytes, int at) {
        int difference = 0;
        for (int i = 0; i < tagBytes; i++) {
            difference |= digest[i] ^ bytes[at + i];
        }
        return difference == 0;
    }

    @Override
    public void close() {
        cipher.close();
        Arrays.fill(salt, (byte) 0);
        Arrays.fill(innerPad, (byte) 0);
        Arrays.fill(outerPad, (byte) 0);
        Arrays.fill(digest, (byte) 0);
        sha1.reset();
    }
}
