// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import dev.tributary.srtp.DtlsRole;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Stands before Bouncy Castle and drops the records that it must not see.
 *
 * <ul>
 *   <li>Handshake fragments that contradict themselves or announce a message larger than the limit: the reassembly
 *       allocates the announced length before anything is authenticated (CVE-2026-59646: 64 datagrams of 26 bytes held
 *       1.1 GB).
 *   <li>More handshake records than a handshake has any use for: the bookkeeping of fragments is quadratic.
 *   <li>As server, ChangeCipherSpec and what follows it, until the whole CertificateVerify has come by: else a loss of
 *       just that record leaves Bouncy Castle in the new epoch, deaf to its repetition, until the timeout.
 *   <li>Epochs that do not exist: there is no renegotiation.
 * </ul>
 *
 * Application data that overtakes the end of the handshake, or comes in one burst with it, is kept for afterwards instead
 * of dropped. Not thread-safe: the handshake owns it first, then the loop.
 *
 * <pre>
 * record:   type 1 | version 2 | epoch 2 | sequence 6 | length 2 | fragment
 * fragment: type 1 | message length 3 | message sequence 2 | offset 3 | length 3 | body
 * </pre>
 */
final class InboundGuard {
    static final int RECORD_HEADER_BYTES = 13;
    static final int EARLY_RECORDS_MAX = 16;

    private static final int FRAGMENT_HEADER_BYTES = 12;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int CLIENT_HELLO = 1;
    private static final int CERTIFICATE_VERIFY = 15;

    private final int messageBytesMax;
    private final Queue<byte[]> early = new ArrayDeque<>();
    private final BitSet verifyBytes = new BitSet();
    private int verifyLength = -1;
    private boolean epochOneOpen;
    private boolean handshaking = true;
    private final int recordsMax;
    private int recordsLeft;
    private final ClearSequence clear = new ClearSequence();
    private boolean repeated;
    private volatile long dropped;

    InboundGuard(DtlsRole role, int messageBytesMax, int recordsMax) {
        this.messageBytesMax = messageBytesMax;
        this.recordsMax = recordsMax;
        this.recordsLeft = recordsMax;
        this.epochOneOpen = role == DtlsRole.CLIENT;
    }

    /**
     * Copies the records of a datagram that may pass.
     *
     * @return how many bytes were copied; 0 when nothing passes
     */
    int filter(byte[] datagram, byte[] out, int offset, int capacity) {
        int kept = 0;
        int at = 0;
        while (at + RECORD_HEADER_BYTES <= datagram.length) {
            int length = RECORD_HEADER_BYTES + readUint16(datagram, at + 11);
            if (at + length > datagram.length) {
                break;
            }
            if (passes(datagram, at, length) && kept + length <= capacity) {
                System.arraycopy(datagram, at, out, offset + kept, length);
                clear.renumber(out, offset + kept, offset + kept + length);
                kept += length;
            }
            at += length;
        }
        if (at < datagram.length) {
            drop();
        }
        return kept;
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

    private boolean passes(byte[] datagram, int at, int length) {
        int epoch = readUint16(datagram, at + 3);
        int type = datagram[at] & 0xFF;
        boolean pass = epoch <= 1
                && switch (type) {
                    case CHANGE_CIPHER_SPEC -> epochOneOpen && handshaking;
                    case ALERT -> epoch == 0 ? handshaking : epochOneOpen;
                    case HANDSHAKE -> mayHandshake(datagram, at, length, epoch);
                    case APPLICATION_DATA -> epoch == 1 && mayDeliver(datagram, at, length);
                    default -> false;
                };
        if (!pass && type != APPLICATION_DATA) {
            drop();
        }
        return pass;
    }

    private boolean mayHandshake(byte[] datagram, int at, int length, int epoch) {
        if (epoch == 1) {
            return epochOneOpen && recordsLeft-- > 0;
        }
        if (recordsLeft <= 0 || !fragmentsHold(datagram, at + RECORD_HEADER_BYTES, at + length)) {
            return false;
        }
        recordsLeft--;
        // A replayed ClientHello alone asks for nothing that a finished handshake has.
        repeated |= !handshaking && datagram[at + RECORD_HEADER_BYTES] != CLIENT_HELLO;
        return true;
    }

    private boolean fragmentsHold(byte[] datagram, int from, int end) {
        int at = from;
        while (at < end) {
            if (end - at < FRAGMENT_HEADER_BYTES) {
                return false;
            }
            int message = readUint24(datagram, at + 1);
            int offset = readUint24(datagram, at + 6);
            int length = readUint24(datagram, at + 9);
            boolean empty = length == 0 && message != 0;
            if (message > messageBytesMax
                    || offset + length > message
                    || empty
                    || end - at - FRAGMENT_HEADER_BYTES < length) {
                return false;
            }
            if (datagram[at] == CERTIFICATE_VERIFY && !epochOneOpen) {
                noteCertificateVerify(message, offset, length);
            }
            at += FRAGMENT_HEADER_BYTES + length;
        }
        return at > from;
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

    private boolean mayDeliver(byte[] datagram, int at, int length) {
        if (!handshaking) {
            return true;
        }
        if (early.size() < EARLY_RECORDS_MAX) {
            early.add(Arrays.copyOfRange(datagram, at, at + length));
        } else {
            drop();
        }
        return false;
    }

    /** Written by the owner of the moment only; read from anywhere. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void drop() {
        dropped++;
    }

    private static int readUint16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    private static int readUint24(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 16 | readUint16(bytes, at + 1);
    }
}
