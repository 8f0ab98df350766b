// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import static dev.tributary.ice.internal.wire.StunAttributes.*;

import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Writes one STUN message after the other into its own buffer (RFC 8489 §5, §14). Begin, attributes, finish; then the
 * first {@link #length} bytes of {@link #bytes} are the message until the next begin.
 */
public final class StunWriter {
    /**
     * Room for every answer and for checks of ordinary fragments. A server has a writer for each session, so it begins
     * small, and grows for the long fragments that are allowed as well.
     */
    private static final int CAPACITY_BYTES = 128;

    private byte[] bytes = new byte[CAPACITY_BYTES];
    private final CRC32 crc = new CRC32();
    private int at;

    /** Starts a message. */
    public StunWriter begin(int type, long transactionHigh, int transactionLow) {
        at = 0;
        int32(type << 16).int32(MAGIC_COOKIE).int64(transactionHigh).int32(transactionLow);
        return this;
    }

    /** USERNAME: the peer's fragment, a colon, ours (RFC 8445 §7.2.2). */
    public StunWriter username(byte[] username) {
        return attribute(USERNAME, username);
    }

    /** PRIORITY: what a peer-reflexive candidate learned from this check would have. */
    public StunWriter priority(long priority) {
        return int16(PRIORITY).int16(4).int32((int) priority);
    }

    /** USE-CANDIDATE: nominates. */
    public StunWriter useCandidate() {
        return int16(USE_CANDIDATE).int16(0);
    }

    /** ICE-CONTROLLING or ICE-CONTROLLED with the tie-breaker. */
    public StunWriter role(boolean controlling, long tieBreaker) {
        return int16(controlling ? ICE_CONTROLLING : ICE_CONTROLLED).int16(8).int64(tieBreaker);
    }

    /** XOR-MAPPED-ADDRESS of four or sixteen bytes of address. */
    public StunWriter xorMappedAddress(byte[] ip, int port) {
        int16(XOR_MAPPED_ADDRESS).int16(4 + ip.length).int16(ip.length == 4 ? 1 : 2);
        int16(port ^ (MAGIC_COOKIE >>> 16)).room(ip.length);
        for (int i = 0; i < ip.length; i++) {
            bytes[at + i] = (byte) (ip[i] ^ bytes[4 + i]);
        }
        at += ip.length;
        return this;
    }

    /** ERROR-CODE without a phrase: the number says it, and the answer stays smaller than the request. */
    public StunWriter errorCode(int code) {
        return int16(ERROR_CODE).int16(4).int32((code / 100) << 8 | code % 100);
    }

    /** UNKNOWN-ATTRIBUTES: what of the request was not understood. */
    public StunWriter unknownAttributes(StunMessage request) {
        int count = Math.min(request.unknownCount(), StunMessage.UNKNOWN_REPORTED_MAX);
        int16(UNKNOWN_ATTRIBUTES).int16(2 * count);
        for (int i = 0; i < count; i++) {
            int16(request.unknown(i));
        }
        return pad();
    }

    /** Any attribute. */
    public StunWriter attribute(int type, byte[] value) {
        int16(type).int16(value.length).room(value.length);
        System.arraycopy(value, 0, bytes, at, value.length);
        at += value.length;
        return pad();
    }

    /** An attribute of text. Allocates. */
    public StunWriter attribute(int type, String value) {
        return attribute(type, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the message with the integrity code under a key, and FINGERPRINT. */
    public StunWriter finish(IntegrityKey key, Algorithm algorithm) {
        integrity(key, algorithm);
        return finish();
    }

    /** Appends an integrity code. */
    public StunWriter integrity(IntegrityKey key, Algorithm algorithm) {
        lengthField(at + 4 + algorithm.bytes);
        int covered = at;
        int16(algorithm.attribute).int16(algorithm.bytes).room(algorithm.bytes);
        key.sign(algorithm, bytes, 0, covered, bytes, at);
        at += algorithm.bytes;
        return this;
    }

    /** Ends the message with FINGERPRINT (RFC 8489 §14.7). */
    public StunWriter finish() {
        lengthField(at + 8);
        crc.reset();
        crc.update(bytes, 0, at);
        return int16(FINGERPRINT).int16(4).int32((int) crc.getValue() ^ FINGERPRINT_XOR);
    }

    /** The buffer; only {@link #length} bytes of it count, and only until more is written. */
    public byte[] bytes() {
        return bytes;
    }

    /** Bytes of the message so far. */
    public int length() {
        return at;
    }

    /** A copy of the message, to be sent again. */
    public byte[] copy() {
        return Arrays.copyOf(bytes, at);
    }

    private void lengthField(int messageBytes) {
        StunMessage.putInt16(bytes, 2, messageBytes - HEADER_BYTES);
    }

    private StunWriter pad() {
        room(3);
        while ((at & 3) != 0) {
            bytes[at++] = 0;
        }
        return this;
    }

    private StunWriter room(int more) {
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, 2 * (at + more));
        }
        return this;
    }

    private StunWriter int16(int value) {
        room(2);
        StunMessage.putInt16(bytes, at, value);
        at += 2;
        return this;
    }

    private StunWriter int32(int value) {
        room(4);
        StunMessage.putInt32(bytes, at, value);
        at += 4;
        return this;
    }

    private StunWriter int64(long value) {
        room(8);
        StunMessage.putInt64(bytes, at, value);
        at += 8;
        return this;
    }
}
