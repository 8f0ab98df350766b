// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import static dev.tributary.ice.internal.wire.StunAttributes.*;

import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A view of one received STUN message (RFC 8489 §5), reused for every message of an agent.
 *
 * <pre>
 *  0                   1                   2                   3
 * |0 0|     STUN Message Type     |         Message Length        |
 * |                         Magic Cookie                          |
 * |                     Transaction ID (96 bits)                  |
 * | attributes: type (16), length (16), value padded to 4 bytes … |
 * </pre>
 *
 * <p>Nothing is copied: the view is valid while the datagram's bytes are. Offsets are 0 when an attribute is absent.
 * The first of several equal attributes counts; what follows an integrity attribute is ignored but another integrity
 * attribute and FINGERPRINT (RFC 8489 §14, §14.5).
 */
public final class StunMessage {
    /** What {@link #parse} found. */
    public enum ParseResult {
        /** A well-formed message. */
        OK,
        /** Another protocol. */
        NOT_STUN,
        /** The cookie is right, the rest is not. */
        MALFORMED
    }

    /** As many unknown attributes are told to the peer; a message with more is still refused. */
    public static final int UNKNOWN_REPORTED_MAX = 8;

    // RFC 8489 §5: all numbers are in network byte order. One access each, not two to eight: StunBenchmark.codec.
    private static final VarHandle INT16 = view(short[].class);
    private static final VarHandle INT32 = view(int[].class);
    private static final VarHandle INT64 = view(long[].class);

    private byte[] bytes = {};
    private int offset;
    private int length;
    private int username;
    private int integrity;
    private int integritySha256;
    private int fingerprint;
    private int priority;
    private int controlling;
    private int controlled;
    private int mapped;
    private int errorCode;
    private boolean useCandidate;
    private int unknownCount;
    private final int[] unknown = new int[UNKNOWN_REPORTED_MAX];
    private final CRC32 crc = new CRC32();

    private static VarHandle view(Class<?> arrayOfNumbers) {
        return MethodHandles.byteArrayViewVarHandle(arrayOfNumbers, ByteOrder.BIG_ENDIAN);
    }

    /** Whether the bytes begin as a STUN message does: two zero bits and the magic cookie (RFC 8489 §5, RFC 7983). */
    public static boolean looksLikeStun(byte[] bytes, int offset, int length) {
        return length >= HEADER_BYTES && (bytes[offset] & 0xC0) == 0 && int32(bytes, offset + 4) == MAGIC_COOKIE;
    }

    /** Reads a datagram. Never throws, whatever the bytes are. */
    public ParseResult parse(byte[] newBytes, int newOffset, int newLength) {
        if (!looksLikeStun(newBytes, newOffset, newLength)) {
            return ParseResult.NOT_STUN;
        }
        bytes = newBytes;
        offset = newOffset;
        length = newLength;
        username = integrity = integritySha256 = fingerprint = priority = controlling = controlled = 0;
        mapped = errorCode = unknownCount = 0;
        useCandidate = false;
        int attributesBytes = int16(bytes, offset + 2);
        if ((attributesBytes & 3) != 0 || attributesBytes != length - HEADER_BYTES) {
            return ParseResult.MALFORMED;
        }
        int at = offset + HEADER_BYTES;
        int end = offset + length;
        while (at < end) {
            int type = int16(bytes, at);
            int size = int16(bytes, at + 2);
            int next = at + 4 + ((size + 3) & ~3);
            if (next > end || fingerprint != 0) {
                return ParseResult.MALFORMED; // RFC 8489 §14.7: FINGERPRINT is the last attribute
            }
            if (!take(type, at, size)) {
                return ParseResult.MALFORMED;
            }
            at = next;
        }
        return ParseResult.OK;
    }

    private boolean take(int type, int at, int size) {
        if (type == FINGERPRINT) {
            fingerprint = at;
            return size == 4;
        }
        if (integritySha256 != 0) {
            return true;
        }
        if (type == MESSAGE_INTEGRITY_SHA256) {
            integritySha256 = at;
            return size >= 16 && size <= 32 && (size & 3) == 0;
        }
        if (integrity != 0) {
            return true;
        }
        switch (type) {
            case MESSAGE_INTEGRITY -> {
                integrity = at;
                return size == 20;
            }
            case USERNAME -> username = first(username, at);
            case PRIORITY -> {
                priority = first(priority, at);
                return size == 4;
            }
            case ICE_CONTROLLING -> {
                controlling = first(controlling, at);
                return size == 8;
            }
            case ICE_CONTROLLED -> {
                controlled = first(controlled, at);
                return size == 8;
            }
            case XOR_MAPPED_ADDRESS -> {
                mapped = first(mapped, at);
                return size == 8 || size == 20;
            }
            case ERROR_CODE -> {
                errorCode = first(errorCode, at);
                return size >= 4;
            }
            case USE_CANDIDATE -> useCandidate = true;
            default -> takeOther(type);
        }
        return true;
    }

    private void takeOther(int type) {
        boolean known = type == MAPPED_ADDRESS
                || type == UNKNOWN_ATTRIBUTES
                || type == REALM
                || type == NONCE
                || type == PASSWORD_ALGORITHM
                || type == USERHASH;
        // RFC 8489 §14: below 0x8000 an attribute has to be understood.
        if (type < 0x8000 && !known) {
            if (unknownCount < UNKNOWN_REPORTED_MAX) {
                unknown[unknownCount] = type;
            }
            unknownCount++;
        }
    }

    private static int first(int before, int at) {
        return before == 0 ? at : before;
    }

    /** The message type: class and method together. */
    public int type() {
        return int16(bytes, offset);
    }

    /** Whether the method is Binding, the only one that ICE uses. */
    public boolean isBinding() {
        return (type() & ~0x0110) == BINDING_REQUEST;
    }

    /** The first 64 bits of the transaction id. */
    public long transactionHigh() {
        return int64(bytes, offset + 8);
    }

    /** The last 32 bits of the transaction id. */
    public int transactionLow() {
        return int32(bytes, offset + 16);
    }

    /** Whether USERNAME is {@code ufrag} and a colon, and anything. */
    public boolean usernameBegins(byte[] ufrag) {
        int size = username == 0 ? 0 : int16(bytes, username + 2);
        if (size <= ufrag.length || bytes[username + 4 + ufrag.length] != ':') {
            return false;
        }
        for (int i = 0; i < ufrag.length; i++) {
            if (bytes[username + 4 + i] != ufrag[i]) {
                return false;
            }
        }
        return true;
    }

    /** What stands before the colon of USERNAME, or null. Allocates: for routing the first check of an address. */
    public @Nullable String usernameBeforeColon(int charactersMax) {
        int size = username == 0 ? 0 : int16(bytes, username + 2);
        for (int i = 0; i < size && i <= charactersMax; i++) {
            byte c = bytes[username + 4 + i];
            if (c == ':') {
                return new String(bytes, username + 4, i, java.nio.charset.StandardCharsets.US_ASCII);
            }
            if (c <= ' ' || c > '~') {
                return null;
            }
        }
        return null;
    }

    /** The algorithm that authenticates this message, the stronger one when there are two; null when there is none. */
    public @Nullable Algorithm integrityAlgorithm() {
        if (integritySha256 != 0) {
            return Algorithm.SHA256;
        }
        return integrity != 0 ? Algorithm.SHA1 : null;
    }

    /** Whether the message was written by somebody who knows the key. */
    public boolean verify(IntegrityKey key) {
        Algorithm algorithm = integrityAlgorithm();
        if (algorithm == null) {
            return false;
        }
        int at = algorithm == Algorithm.SHA256 ? integritySha256 : integrity;
        int size = int16(bytes, at + 2);
        // RFC 8489 §14.5: the length field counts up to the end of the integrity attribute. It is put back below.
        int attributesBytes = int16(bytes, offset + 2);
        putInt16(bytes, offset + 2, at + 4 + size - offset - HEADER_BYTES);
        boolean verified = key.verify(algorithm, bytes, offset, at - offset, at + 4, size);
        putInt16(bytes, offset + 2, attributesBytes);
        return verified;
    }

    /** Whether FINGERPRINT is there. */
    public boolean hasFingerprint() {
        return fingerprint != 0;
    }

    /** Whether FINGERPRINT is absent or right. */
    public boolean fingerprintAgrees() {
        if (fingerprint == 0) {
            return true;
        }
        crc.reset();
        crc.update(bytes, offset, fingerprint - offset);
        return int32(bytes, fingerprint + 4) == ((int) crc.getValue() ^ FINGERPRINT_XOR);
    }

    /** PRIORITY as an unsigned number, or {@code absent}. */
    public long priority(long absent) {
        return priority == 0 ? absent : int32(bytes, priority + 4) & 0xFFFF_FFFFL;
    }

    public boolean hasUsername() {
        return username != 0;
    }

    public boolean useCandidate() {
        return useCandidate;
    }

    public boolean isControlling() {
        return controlling != 0;
    }

    public boolean isControlled() {
        return controlled != 0;
    }

    /** The tie-breaker of ICE-CONTROLLING or ICE-CONTROLLED; 0 when neither is there. */
    public long tieBreaker() {
        int at = controlling != 0 ? controlling : controlled;
        return at == 0 ? 0 : int64(bytes, at + 4);
    }

    /** How many attributes have to be understood and are not; may exceed {@link #UNKNOWN_REPORTED_MAX}. */
    public int unknownCount() {
        return unknownCount;
    }

    int unknown(int index) {
        return unknown[index];
    }

    /** ERROR-CODE as a number such as 487, or 0. */
    public int errorCode() {
        return errorCode == 0 ? 0 : (bytes[errorCode + 6] & 7) * 100 + (bytes[errorCode + 7] & 0xFF);
    }

    /** XOR-MAPPED-ADDRESS, or null when it is absent or of no known family. Allocates. */
    public @Nullable InetSocketAddress mappedAddress() {
        if (mapped == 0) {
            return null;
        }
        int size = int16(bytes, mapped + 2) - 4;
        int family = bytes[mapped + 5];
        if ((family != 1 || size != 4) && (family != 2 || size != 16)) {
            return null;
        }
        byte[] ip = new byte[size];
        for (int i = 0; i < size; i++) {
            ip[i] = (byte) (bytes[mapped + 8 + i] ^ bytes[offset + 4 + i]);
        }
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(ip), int16(bytes, mapped + 6) ^ (MAGIC_COOKIE >>> 16));
        } catch (UnknownHostException e) {
            return null;
        }
    }

    static int int16(byte[] bytes, int at) {
        return (short) INT16.get(bytes, at) & 0xFFFF;
    }

    static int int32(byte[] bytes, int at) {
        return (int) INT32.get(bytes, at);
    }

    static long int64(byte[] bytes, int at) {
        return (long) INT64.get(bytes, at);
    }

    static void putInt16(byte[] bytes, int at, int value) {
        INT16.set(bytes, at, (short) value);
    }

    static void putInt32(byte[] bytes, int at, int value) {
        INT32.set(bytes, at, value);
    }

    static void putInt64(byte[] bytes, int at, long value) {
        INT64.set(bytes, at, value);
    }
}
