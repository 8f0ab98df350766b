// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import dev.tributary.srtp.DtlsRole;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Stands before Bouncy Castle, on the loop, and drops the records that it must not see, before they wake a thread.
 *
 * <ul>
 *   <li>Handshake fragments that contradict themselves, or announce more than the limit, each message by itself and all of
 *       them together: the reassembly allocates the announced length before anything is authenticated (CVE-2026-59646: 64
 *       datagrams of 26 bytes held 1.1 GB).
 *   <li>More records than a handshake has any use for: the bookkeeping of fragments is quadratic.
 *   <li>Flights that have been answered: repeating ours is a matter of {@link OutboundFlights}, and of the clock.
 *   <li>As server, ChangeCipherSpec and what follows it, until the whole CertificateVerify has come by: else a loss of
 *       just that record leaves Bouncy Castle in the new epoch, deaf to its repetition, until the timeout.
 *   <li>Epochs that do not exist, and any handshake after the first: there is no renegotiation.
 * </ul>
 *
 * Application data that overtakes the end of the handshake, or comes in one burst with it, is kept for afterwards instead
 * of dropped. Not thread-safe.
 *
 * <pre>
 * record:   type 1 | version 2 | epoch 2 | sequence 6 | length 2 | fragment
 * fragment: type 1 | message length 3 | message sequence 2 | offset 3 | length 3 | body
 * </pre>
 */
final class InboundGuard {
    static final int RECORD_HEADER_BYTES = 13;

    /** Records of application data kept until the end of the handshake. */
    static final int EARLY_RECORDS_MAX = 16;

    /** Messages of one side in a handshake: a server's has at most nine, with HelloVerifyRequest and NewSessionTicket. */
    static final int MESSAGES_MAX = 16;

    /** All messages of a handshake together may announce so many times what one may. */
    static final int ALL_MESSAGES_FACTOR = 2;

    private static final int FRAGMENT_HEADER_BYTES = 12;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int CLIENT_HELLO = 1;
    private static final int CERTIFICATE_VERIFY = 15;

    private final DtlsRole role;
    private final int messageBytesMax;
    private final int recordsMax;
    private final ClearSequence clear = new ClearSequence();
    private final Queue<byte[]> early = new ArrayDeque<>();
    private final int[] announcedBytes = new int[MESSAGES_MAX];
    private int announcedBytesTotal;
    private int recordsLeft;
    private final BitSet verifyBytes = new BitSet();
    private int verifyLength = -1;
    private boolean epochOneOpen;
    private boolean answered;
    private boolean finishedSent;
    private boolean handshaking = true;
    private boolean repeated;
    private long dropped;

    InboundGuard(DtlsRole role, int messageBytesMax, int recordsMax) {
        this.role = role;
        this.messageBytesMax = messageBytesMax;
        this.recordsMax = recordsMax;
        this.recordsLeft = recordsMax;
        this.epochOneOpen = role == DtlsRole.CLIENT;
    }

    /**
     * Copies the records of a datagram that may pass.
     *
     * @return {@code null} when none does
     */
    byte @Nullable [] filter(byte[] bytes, int from, int end) {
        byte[] out = null;
        int kept = 0;
        int at = from;
        while (at + RECORD_HEADER_BYTES <= end) {
            int length = RECORD_HEADER_BYTES + readUint16(bytes, at + 11);
            if (at + length > end) {
                break;
            }
            if (passes(bytes, at, length)) {
                out = out == null ? new byte[end - at] : out;
                System.arraycopy(bytes, at, out, kept, length);
                kept += length;
            }
            at += length;
        }
        if (at < end) {
            dropped++;
        }
        if (out == null) {
            return null;
        }
        if (handshaking) {
            levelVersions(out, kept);
            clear.renumber(out, 0, kept);
        }
        return kept == out.length ? out : Arrays.copyOf(out, kept);
    }

    /** A flight of ours has been sent: what it answers is not needed again. */
    void flightSent(Iterable<byte[]> flight) {
        answered = true;
        for (byte[] datagram : flight) {
            for (int at = 0; at + RECORD_HEADER_BYTES <= datagram.length; ) {
                finishedSent |= datagram[at] == CHANGE_CIPHER_SPEC;
                at += RECORD_HEADER_BYTES + readUint16(datagram, at + 11);
            }
        }
    }

    /**
     * The handshake is done: application data passes from now on. A peer that lost our last flight repeats its own, so
     * that as many records again are looked at.
     */
    void handshakeDone() {
        handshaking = false;
        recordsLeft = recordsMax;
    }

    /** The next record of application data that came before the end of the handshake, as a datagram. */
    byte @Nullable [] pollEarly() {
        return early.poll();
    }

    /** Whether the peer has repeated a flight since the last call, after the handshake was done for us. */
    boolean takeRepeated() {
        boolean result = repeated;
        repeated = false;
        return result;
    }

    long dropped() {
        return dropped;
    }

    private boolean passes(byte[] bytes, int at, int length) {
        int epoch = readUint16(bytes, at + 3);
        int type = bytes[at] & 0xFF;
        boolean isVersionKnown = bytes[at + 1] == (byte) 0xFE && (bytes[at + 2] == -1 || bytes[at + 2] == -3);
        boolean isEarly = handshaking && type == APPLICATION_DATA && epoch == 1 && early.size() < EARLY_RECORDS_MAX;
        if (isVersionKnown && isEarly) {
            early.add(Arrays.copyOfRange(bytes, at, at + length));
            return false;
        }
        boolean pass = isVersionKnown
                && epoch <= 1
                && (handshaking
                        ? passesHandshake(bytes, at, length, type, epoch)
                        : passesAfter(bytes, at, length, type, epoch));
        if (!pass) {
            dropped++;
        }
        return pass;
    }

    private boolean passesHandshake(byte[] bytes, int at, int length, int type, int epoch) {
        if (recordsLeft <= 0) {
            return false;
        }
        recordsLeft--;
        if (epoch == 1) {
            return epochOneOpen && (type == HANDSHAKE || type == ALERT);
        }
        return switch (type) {
            case CHANGE_CIPHER_SPEC -> epochOneOpen;
            case ALERT -> true;
            case HANDSHAKE -> fragmentsHold(bytes, at + RECORD_HEADER_BYTES, at + length);
            default -> false;
        };
    }

    private boolean passesAfter(byte[] bytes, int at, int length, int type, int epoch) {
        if (type == HANDSHAKE && length > RECORD_HEADER_BYTES && recordsLeft > 0) {
            recordsLeft--;
            // A replayed ClientHello alone asks for nothing that a finished handshake has.
            repeated |= epoch == 1 || bytes[at + RECORD_HEADER_BYTES] != CLIENT_HELLO;
        }
        return epoch == 1 && (type == APPLICATION_DATA || type == ALERT);
    }

    private boolean fragmentsHold(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            if (end - at < FRAGMENT_HEADER_BYTES) {
                return false;
            }
            int message = readUint24(bytes, at + 1);
            int offset = readUint24(bytes, at + 6);
            int length = readUint24(bytes, at + 9);
            boolean empty = length == 0 && message != 0;
            if (offset + length > message
                    || empty
                    || end - at - FRAGMENT_HEADER_BYTES < length
                    || isAnswered(bytes[at])
                    || !mayAnnounce(readUint16(bytes, at + 4), message)) {
                return false;
            }
            at += FRAGMENT_HEADER_BYTES + length;
        }
        if (at == from) {
            return false;
        }
        // Only now: a fragment counts as seen when the record that it stands in passes.
        for (at = from; at < end; at += FRAGMENT_HEADER_BYTES + readUint24(bytes, at + 9)) {
            if (bytes[at] == CERTIFICATE_VERIFY && !epochOneOpen) {
                noteCertificateVerify(readUint24(bytes, at + 1), readUint24(bytes, at + 6), readUint24(bytes, at + 9));
            }
        }
        return true;
    }

    /** Whether a message is of a flight that we have answered; of the server's there is nothing in the clear left then. */
    private boolean isAnswered(byte messageType) {
        return role == DtlsRole.SERVER ? answered && messageType == CLIENT_HELLO : finishedSent;
    }

    private boolean mayAnnounce(int messageSequence, int message) {
        if (messageSequence >= MESSAGES_MAX || message > messageBytesMax) {
            return false;
        }
        int more = message - announcedBytes[messageSequence];
        if (more > 0) {
            if (announcedBytesTotal + more > ALL_MESSAGES_FACTOR * messageBytesMax) {
                return false;
            }
            announcedBytesTotal += more;
            announcedBytes[messageSequence] = message;
        }
        return true;
    }

    private void noteCertificateVerify(int message, int offset, int length) {
        if (verifyLength < 0) {
            verifyLength = message;
        }
        if (message == verifyLength) {
            verifyBytes.set(offset, offset + length);
            epochOneOpen = verifyBytes.cardinality() == message;
        }
    }

    /** Bouncy Castle takes the version of the first record for that of all, and a first one may be anybody's. */
    private static void levelVersions(byte[] bytes, int end) {
        for (int at = 0; at + RECORD_HEADER_BYTES <= end; ) {
            if (readUint16(bytes, at + 3) == 0) {
                bytes[at + 2] = (byte) 0xFD;
            }
            at += RECORD_HEADER_BYTES + readUint16(bytes, at + 11);
        }
    }

    private static int readUint16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    private static int readUint24(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 16 | readUint16(bytes, at + 1);
    }
}
