// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import java.util.List;

/** What an {@link SctpAssociation} tells its owner. */
public sealed interface SctpEvent {
    /** The handshake is done. Comes once, before all others but {@link Closed}. */
    record Connected() implements SctpEvent {}

    /**
     * A message arrived whole.
     *
     * @param stream 0..65534
     * @param ppid the payload protocol identifier
     * @param unordered whether it came without regard to order
     * @param payload the bytes, which are the receiver's own from now on
     */
    record MessageReceived(int stream, int ppid, boolean unordered, byte[] payload) implements SctpEvent {}

    /** The peer has reset its outgoing streams: no more messages of before will come on them. */
    record StreamsReset(List<Integer> streams) implements SctpEvent {}

    /**
     * The reset of our outgoing streams is over.
     *
     * @param performed false when the peer refused it
     */
    record ResetCompleted(List<Integer> streams, boolean performed) implements SctpEvent {}

    /** What waits to be sent on a stream has sunk to its threshold. */
    record BufferedAmountLow(int stream) implements SctpEvent {}

    /** A stream on which something was refused for want of room has room again. */
    record Writable(int stream) implements SctpEvent {}

    /** The peer began anew without saying goodbye (RFC 9260 §5.2.4.1): what was under way is lost, streams are fresh. */
    record Restarted() implements SctpEvent {}

    /** The association is over. The last event, and always there is exactly one. */
    record Closed(CloseReason reason) implements SctpEvent {}
}
