// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import dev.tributary.srtp.SrtpFailure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * AES-GCM (RFC 7714) as two calls of vector code and no garbage: what {@link GcmTransform} does through the cipher
 * interface. The packet is laid out in a working array, whose first part serves twice:
 *
 * <pre>
 * counter mode:                          | 16 zeros -&gt; tag mask | payload
 * GHASH:   zeros | associated data, padded with zeros           | ciphertext, padded | lengths
 *          0     payloadAt - padded(associated)              payloadAt
 * </pre>
 *
 * <p>With the counter at 1, sixteen zeros in front of the payload come out as the mask of the tag, and the payload is
 * encrypted from counter 2 on, as NIST SP 800-38D §7.1 wants it. Then the associated data takes the place of the mask, so
 * that all that is hashed lies in one piece. Blocks of zeros in front leave the hash as it is: they round the number of
 * blocks up to eights, since the vector code takes a group of eight in the time of two and a half single ones.
 * {@code SrtpBenchmark}: two thirds of the time of {@link GcmTransform} at 1,200 bytes, a third at 120.
 */
final class FusedGcmTransform extends Transform {
    private static final int BLOCK_BYTES = 16;
    private static final int GROUP_BLOCKS = 8;

    /** So many blocks behind the last group cost less than a group with zeros. */
    private static final int SINGLE_BLOCKS = 2;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] salt;
    private final Scratch scratch;
    private final IntrinsicAes aes;
    private final IntrinsicGhash ghash;
    private long maskHigh;
    private long maskLow;

    /** Takes key (16 or 32 bytes) and salt (12 bytes) over. */
    FusedGcmTransform(byte[] key, byte[] salt, Scratch scratch) {
        this.salt = salt;
        this.scratch = scratch;
        this.aes = new IntrinsicAes(key);
        byte[] subkey = new byte[BLOCK_BYTES];
        Arrays.fill(aes.counter(), (byte) 0);
        aes.crypt(subkey, 0, BLOCK_BYTES, subkey, 0);
        this.ghash = new IntrinsicGhash(subkey);
        Arrays.fill(subkey, (byte) 0);
    }

    @Override
    public int sealRtp(
            int ssrc, long index, byte[] src, int srcOffset, int headerLength, int length, byte[] dst, int dstOffset) {
        GcmTransform.rtpNonce(salt, aes.counter(), ssrc, index);
        int payload = length - headerLength;
        int payloadAt = payloadAt(headerLength, payload);
        byte[] work = work(payloadAt, payload);
        System.arraycopy(src, srcOffset + headerLength, work, payloadAt, payload);
        try {
            crypt(work, payloadAt, payload);
            associate(src, srcOffset, headerLength, work, payloadAt - padded(headerLength), payloadAt);
            hash(work, payloadAt, headerLength, payload);
        } catch (RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        copy(src, srcOffset, headerLength, dst, dstOffset);
        deliver(work, payloadAt, payload, dst, dstOffset + headerLength);
        return length + GcmTransform.TAG_BYTES;
    }

    @Override
    public int openRtp(
            int ssrc, long index, byte[] src, int srcOffset, int headerLength, int length, byte[] dst, int dstOffset) {
        GcmTransform.rtpNonce(salt, aes.counter(), ssrc, index);
        int payload = length - headerLength - GcmTransform.TAG_BYTES;
        int payloadAt = payloadAt(headerLength, payload);
        byte[] work = work(payloadAt, payload);
        associate(src, srcOffset, headerLength, work, payloadAt - padded(headerLength), payloadAt);
        int status = open(work, payloadAt, headerLength, src, srcOffset + headerLength, payload);
        if (status < 0) {
            return status;
        }
        copy(src, srcOffset, headerLength, dst, dstOffset);
        System.arraycopy(work, payloadAt, dst, dstOffset + headerLength, payload);
        return headerLength + payload;
    }

    @Override
    public int sealRtcp(int ssrc, int index, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        GcmTransform.rtcpNonce(salt, aes.counter(), ssrc, index);
        int word = index | 0x8000_0000;
        int payload = length - RTCP_HEADER_BYTES;
        int associated = RTCP_HEADER_BYTES + ESRTCP_WORD_BYTES;
        int payloadAt = payloadAt(associated, payload);
        int associatedAt = payloadAt - padded(associated);
        byte[] work = work(payloadAt, payload);
        System.arraycopy(src, srcOffset + RTCP_HEADER_BYTES, work, payloadAt, payload);
        try {
            crypt(work, payloadAt, payload);
            associate(src, srcOffset, RTCP_HEADER_BYTES, work, associatedAt, payloadAt);
            writeInt(work, associatedAt + RTCP_HEADER_BYTES, word);
            hash(work, payloadAt, associated, payload);
        } catch (RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        copy(src, srcOffset, RTCP_HEADER_BYTES, dst, dstOffset);
        deliver(work, payloadAt, payload, dst, dstOffset + RTCP_HEADER_BYTES);
        writeInt(dst, dstOffset + length + GcmTransform.TAG_BYTES, word);
        return length + GcmTransform.TAG_BYTES + ESRTCP_WORD_BYTES;
    }

    @Override
    public int openRtcp(int ssrc, byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int plain = length - ESRTCP_WORD_BYTES - GcmTransform.TAG_BYTES;
        int word = esrtcpWord(src, srcOffset + length);
        GcmTransform.rtcpNonce(salt, aes.counter(), ssrc, word & 0x7FFF_FFFF);
        // RFC 7714 §9.3: without the E flag the whole packet is associated data and nothing is encrypted.
        int clear = word < 0 ? RTCP_HEADER_BYTES : plain;
        int associated = clear + ESRTCP_WORD_BYTES;
        int payloadAt = payloadAt(associated, plain - clear);
        int associatedAt = payloadAt - padded(associated);
        byte[] work = work(payloadAt, plain - clear);
        associate(src, srcOffset, clear, work, associatedAt, payloadAt);
        writeInt(work, associatedAt + clear, word);
        int status = open(work, payloadAt, associated, src, srcOffset + clear, plain - clear);
        if (status < 0) {
            return status;
        }
        copy(src, srcOffset, clear, dst, dstOffset);
        System.arraycopy(work, payloadAt, dst, dstOffset + clear, plain - clear);
        return plain;
    }

    @Override
    public int esrtcpWord(byte[] src, int end) {
        return readInt(src, end - ESRTCP_WORD_BYTES);
    }

    private static int padded(int length) {
        return length + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    }

    /** Where the payload begins in the working array. */
    private static int payloadAt(int associated, int payload) {
        int before = padded(associated);
        int behindGroups = (before + padded(payload)) / BLOCK_BYTES + 1 & GROUP_BLOCKS - 1;
        return behindGroups > SINGLE_BLOCKS ? before + (GROUP_BLOCKS - behindGroups) * BLOCK_BYTES : before;
    }

    private byte[] work(int payloadAt, int payload) {
        return scratch.atLeast(payloadAt + padded(payload) + BLOCK_BYTES);
    }

    /** Encrypts or decrypts the payload in the working array, and keeps the tag's mask. */
    private void crypt(byte[] work, int payloadAt, int payload) {
        byte[] counter = aes.counter();
        counter[12] = 0;
        counter[13] = 0;
        counter[14] = 0;
        counter[15] = 1;
        int maskAt = payloadAt - BLOCK_BYTES;
        LONG.set(work, maskAt, 0L);
        LONG.set(work, maskAt + 8, 0L);
        aes.crypt(work, maskAt, BLOCK_BYTES + payload, work, maskAt);
        maskHigh = (long) LONG.get(work, maskAt);
        maskLow = (long) LONG.get(work, maskAt + 8);
    }

    private static void associate(byte[] src, int srcOffset, int length, byte[] work, int at, int payloadAt) {
        Arrays.fill(work, 0, payloadAt, (byte) 0);
        System.arraycopy(src, srcOffset, work, at, length);
    }

    private void hash(byte[] work, int payloadAt, int associated, int payload) {
        int lengthsAt = payloadAt + padded(payload);
        // The block behind the payload's last byte: its padding, and what the lengths overwrite.
        LONG.set(work, payloadAt + payload, 0L);
        LONG.set(work, payloadAt + payload + 8, 0L);
        LONG.set(work, lengthsAt, 8L * associated);
        LONG.set(work, lengthsAt + 8, 8L * payload);
        ghash.hash(work, (lengthsAt >> 4) + 1);
    }

    private int open(byte[] work, int payloadAt, int associated, byte[] src, int srcOffset, int payload) {
        System.arraycopy(src, srcOffset, work, payloadAt, payload);
        long high = (long) LONG.get(src, srcOffset + payload);
        long low = (long) LONG.get(src, srcOffset + payload + 8);
        try {
            hash(work, payloadAt, associated, payload);
            crypt(work, payloadAt, payload);
        } catch (RuntimeException e) {
            return SrtpFailure.PROVIDER.status();
        }
        // All bits at once: how far a forgery is right must not show. Nothing of the clear text has left the array.
        long difference = ghash.high() ^ maskHigh ^ high | ghash.low() ^ maskLow ^ low;
        return difference == 0 ? payload : SrtpFailure.AUTHENTICATION.status();
    }

    private void deliver(byte[] work, int payloadAt, int payload, byte[] dst, int dstOffset) {
        System.arraycopy(work, payloadAt, dst, dstOffset, payload);
        LONG.set(dst, dstOffset + payload, ghash.high() ^ maskHigh);
        LONG.set(dst, dstOffset + payload + 8, ghash.low() ^ maskLow);
    }

    @Override
    public void close() {
        aes.close();
        ghash.destroy();
        scratch.destroy();
        Arrays.fill(salt, (byte) 0);
        maskHigh = 0;
        maskLow = 0;
    }
}
