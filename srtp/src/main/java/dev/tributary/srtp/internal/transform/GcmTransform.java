// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import dev.tributary.srtp.SrtpFailure;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM (RFC 7714) through the JDK's cipher interface. The portable way: an {@code init} with a new nonce for each
 * packet, which leaves about 1 KB of garbage that no caller of the interface can avoid.
 *
 * <pre>
 * RTP:   header (associated) | payload (encrypted) | tag
 * RTCP:  8 octets (associated) | payload (encrypted) | tag | E, index (associated)
 * nonce: (0 0 | SSRC | roll-over | sequence) xor salt;  RTCP: (0 0 | SSRC | 0 0 | 0, index) xor salt
 * </pre>
 */
public final class GcmTransform extends Transform {
    static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private final SessionKey key;
    private final byte[] salt;
    private final Scratch scratch;
    private final @Nullable Provider provider;
    private final NonceSpec spec = new NonceSpec(TAG_BYTES * 8);
    private final byte[] word = new byte[ESRTCP_WORD_BYTES];
    private @Nullable Cipher cipher;

    /** Takes key (16 or 32 bytes) and salt (12 bytes) over. */
    public GcmTransform(byte[] key, byte[] salt, Scratch scratch, @Nullable Provider provider) {
        this.key = new SessionKey(key);
        this.salt = salt;
        this.scratch = scratch;
        this.provider = provider;
    }

    @Override
    public int sealRtp(
            int ssrc, long index, byte[] src, int srcOffset, int headerLength, int length, byte[] dst, int dstOffset) {
        rtpNonce(salt, spec.next(), ssrc, index);
        try {
            Cipher gcm = init(Cipher.ENCRYPT_MODE);
            gcm.updateAAD(src, srcOffset, headerLength);
            apply(gcm, src, srcOffset + headerLength, length - headerLength, dst, dstOffset + headerLength);
        } catch (GeneralSecurityException | RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        copy(src, srcOffset, headerLength, dst, dstOffset);
        return length + TAG_BYTES;
    }

    @Override
    public int openRtp(
            int ssrc, long index, byte[] src, int srcOffset, int headerLength, int length, byte[] dst, int dstOffset) {
        rtpNonce(salt, spec.next(), ssrc, index);
        try {
            Cipher gcm = init(Cipher.DECRYPT_MODE);
            gcm.updateAAD(src, srcOffset, headerLength);
            apply(gcm, src, srcOffset + headerLength, length - headerLength, dst, dstOffset + headerLength);
        } catch (AEADBadTagException e) {
            return SrtpFailure.AUTHENTICATION.status();
        } catch (GeneralSecurityException | RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        copy(src, srcOffset, headerLength, dst, dstOffset);
        return length - TAG_BYTES;
    }

    @Override
    public int sealRtcp(int ssrc, int index, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        rtcpNonce(salt, spec.next(), ssrc, index);
        writeInt(word, 0, index | 0x8000_0000);
        try {
            Cipher gcm = init(Cipher.ENCRYPT_MODE);
            gcm.updateAAD(src, srcOffset, RTCP_HEADER_BYTES);
            gcm.updateAAD(word);
            int payload = length - RTCP_HEADER_BYTES;
            apply(gcm, src, srcOffset + RTCP_HEADER_BYTES, payload, dst, dstOffset + RTCP_HEADER_BYTES);
        } catch (GeneralSecurityException | RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        copy(src, srcOffset, RTCP_HEADER_BYTES, dst, dstOffset);
        copy(word, 0, ESRTCP_WORD_BYTES, dst, dstOffset + length + TAG_BYTES);
        return length + TAG_BYTES + ESRTCP_WORD_BYTES;
    }

    @Override
    public int openRtcp(int ssrc, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int sealed = length - ESRTCP_WORD_BYTES;
        int flagAndIndex = readInt(src, srcOffset + sealed);
        writeInt(word, 0, flagAndIndex);
        rtcpNonce(salt, spec.next(), ssrc, flagAndIndex & 0x7FFF_FFFF);
        // RFC 7714 §9.3: without the E flag the whole packet is associated data and nothing is encrypted.
        int clear = flagAndIndex < 0 ? RTCP_HEADER_BYTES : sealed - TAG_BYTES;
        try {
            Cipher gcm = init(Cipher.DECRYPT_MODE);
            gcm.updateAAD(src, srcOffset, clear);
            gcm.updateAAD(word);
            apply(gcm, src, srcOffset + clear, sealed - clear, dst, dstOffset + clear);
        } catch (AEADBadTagException e) {
            return SrtpFailure.AUTHENTICATION.status();
        } catch (GeneralSecurityException | RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        copy(src, srcOffset, clear, dst, dstOffset);
        return sealed - TAG_BYTES;
    }

    @Override
    public int esrtcpWord(byte[] src, int end) {
        return readInt(src, end - ESRTCP_WORD_BYTES);
    }

    private Cipher init(int mode) throws GeneralSecurityException {
        if (cipher == null) {
            cipher = provider == null
                    ? Cipher.getInstance("AES/GCM/NoPadding")
                    : Cipher.getInstance("AES/GCM/NoPadding", provider);
        }
        cipher.init(mode, key, spec);
        return cipher;
    }

    private void apply(Cipher gcm, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset)
            throws GeneralSecurityException {
        if (src == dst) {
            byte[] apart = scratch.atLeast(length + TAG_BYTES);
            int written = gcm.doFinal(src, srcOffset, length, apart, 0);
            System.arraycopy(apart, 0, dst, dstOffset, written);
        } else {
            gcm.doFinal(src, srcOffset, length, dst, dstOffset);
        }
    }

    /** RFC 7714 §8.1. */
    static void rtpNonce(byte[] salt, byte[] nonce, int ssrc, long index) {
        System.arraycopy(salt, 0, nonce, 0, NONCE_BYTES);
        xorInt(nonce, 2, ssrc);
        xorInt(nonce, 6, (int) (index >>> 16));
        nonce[10] ^= (byte) (index >>> 8);
        nonce[11] ^= (byte) index;
    }

    /** RFC 7714 §9.1. */
    static void rtcpNonce(byte[] salt, byte[] nonce, int ssrc, int index) {
        System.arraycopy(salt, 0, nonce, 0, NONCE_BYTES);
        xorInt(nonce, 2, ssrc);
        xorInt(nonce, 8, index);
    }

    @Override
    public void close() {
        key.destroy();
        Arrays.fill(salt, (byte) 0);
        spec.destroy();
        scratch.destroy();
        cipher = null;
    }
}
