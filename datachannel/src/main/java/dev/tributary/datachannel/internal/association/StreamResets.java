// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.internal.wire.ReconfigParameter;
import dev.tributary.datachannel.internal.wire.ReconfigParameter.IncomingReset;
import dev.tributary.datachannel.internal.wire.ReconfigParameter.OutgoingReset;
import dev.tributary.datachannel.internal.wire.ReconfigParameter.Response;
import dev.tributary.datachannel.internal.wire.ReconfigParameter.Result;
import dev.tributary.datachannel.internal.wire.ReconfigParameter.Unsupported;
import dev.tributary.datachannel.internal.wire.Serial;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers and the memory of stream resets (RFC 6525): one request of ours is under way at most, the last request of
 * the peer and its result are kept so that a repetition gets the same answer.
 *
 * <p>A request of the peer may overtake the data that goes before it. It is answered "in progress" then, and performed as
 * soon as its last TSN has arrived.
 *
 * <p>Some peers have several requests under way, against RFC 6525 §5.1.1, so that they overtake each other. One that is
 * ahead of its turn waits without an answer; told that its number is bad, such a peer would forget it.
 *
 * <p>Not thread-safe.
 */
final class StreamResets {
    /** So many streams fit a request in the smallest packet. */
    static final int STREAMS_PER_REQUEST_MAX = 128;

    /** So many requests of the peer may be ahead of their turn, and as many may wait for their last TSN. */
    static final int PEER_REQUESTS_MAX = 256;

    private long nextRequest;
    private @Nullable OutgoingReset underWay;
    private boolean inProgress;

    private long lastPeerRequest;
    private int lastResult = Result.NOTHING_TO_DO;
    private final TreeMap<Long, OutgoingReset> ahead = new TreeMap<>();
    private final TreeMap<Long, OutgoingReset> waiting = new TreeMap<>();
    private @Nullable OutgoingReset performedLate;

    StreamResets(int localInitialTsn, int peerInitialTsn) {
        // RFC 6525 §4.1: request numbers begin at the initial TSN.
        nextRequest = Serial.first(localInitialTsn);
        lastPeerRequest = Serial.first(peerInitialTsn) - 1;
    }

    boolean isUnderWay() {
        return underWay != null;
    }

    /** Begins a request for streams whose last chunk has the TSN before {@code nextTsn}. */
    byte[] begin(List<Integer> streams, long nextTsn) {
        underWay = new OutgoingReset((int) nextRequest++, (int) lastPeerRequest, (int) (nextTsn - 1), streams);
        return ReconfigParameter.chunk(List.of(underWay));
    }

    /**
     * The request that is under way, once more: under a new number when the peer said "in progress", since some peers take
     * the repetition of a number for one that they have performed.
     */
    byte @Nullable [] repeat() {
        OutgoingReset request = underWay;
        if (request == null) {
            return null;
        }
        if (inProgress) {
            inProgress = false;
            request = new OutgoingReset(
                    (int) nextRequest++, (int) lastPeerRequest, request.lastAssignedTsn(), request.streams());
            underWay = request;
        }
        return ReconfigParameter.chunk(List.of(request));
    }

    /**
     * Takes a response. Returns the request that it ends; {@code null} when it ends none: "in progress" ends nothing, and
     * the peer may say of its own accord when it has performed what was.
     */
    @Nullable
    OutgoingReset handle(Response response) {
        OutgoingReset request = underWay;
        if (request == null || response.requestNumber() != request.requestNumber()) {
            return null;
        }
        if (response.result() == Result.IN_PROGRESS) {
            inProgress = true;
            return null;
        }
        inProgress = false;
        underWay = null;
        return request;
    }

    /** What the peer's request gets for an answer, when that follows from its number alone; {@code null} when it is new. */
    @Nullable
    Response answerFromMemory(int requestNumber) {
        long number = Serial.unwrap(lastPeerRequest, requestNumber);
        if (number == lastPeerRequest) {
            return new Response(requestNumber, lastResult);
        }
        if (waiting.containsKey(number)) {
            return new Response(requestNumber, Result.IN_PROGRESS);
        }
        if (number != lastPeerRequest + 1) {
            return new Response(requestNumber, Result.BAD_SEQUENCE_NUMBER);
        }
        return null;
    }

    /** Keeps a request whose turn has not come; false when it is not ahead, or too far. */
    boolean keepAhead(OutgoingReset request) {
        long number = Serial.unwrap(lastPeerRequest, request.requestNumber());
        if (number <= lastPeerRequest + 1 || number > lastPeerRequest + 1 + PEER_REQUESTS_MAX) {
            return false;
        }
        ahead.put(number, request);
        return true;
    }

    /** The request whose turn it is, of those that were ahead; {@code null} when it has not arrived. */
    @Nullable
    OutgoingReset takeAhead() {
        return ahead.remove(lastPeerRequest + 1);
    }

    /** Whether an outgoing reset of the peer is performed now. */
    boolean accept(OutgoingReset request, long cumulativeTsn) {
        lastPeerRequest = Serial.unwrap(lastPeerRequest, request.requestNumber());
        OutgoingReset last = performedLate;
        if (last != null && isSame(last, request)) {
            // The repetition, under a new number, of a request that was in progress and is performed by now.
            lastResult = Result.PERFORMED;
            return false;
        }
        if (Serial.unwrap(cumulativeTsn, request.lastAssignedTsn()) > cumulativeTsn) {
            waitForTsn(request);
            return false;
        }
        performedLate = null;
        lastResult = Result.PERFORMED;
        return true;
    }

    private void waitForTsn(OutgoingReset request) {
        // The same under a new number takes the place of the old one.
        waiting.values().removeIf(other -> isSame(other, request));
        if (waiting.size() >= PEER_REQUESTS_MAX) {
            lastResult = Result.DENIED;
            return;
        }
        waiting.put(lastPeerRequest, request);
        lastResult = Result.IN_PROGRESS;
    }

    private static boolean isSame(OutgoingReset one, OutgoingReset other) {
        return one.lastAssignedTsn() == other.lastAssignedTsn() && one.streams().equals(other.streams());
    }

    /** A request that waited for this TSN, once; {@code null} when none did. */
    @Nullable
    OutgoingReset takeWaiting(long cumulativeTsn) {
        for (Map.Entry<Long, OutgoingReset> each : waiting.entrySet()) {
            OutgoingReset request = each.getValue();
            if (Serial.unwrap(cumulativeTsn, request.lastAssignedTsn()) <= cumulativeTsn) {
                waiting.remove(each.getKey());
                performedLate = request;
                lastResult = each.getKey() == lastPeerRequest ? Result.PERFORMED : lastResult;
                return request;
            }
        }
        return null;
    }

    /** The answer to the request that {@link #accept} looked at. */
    Response lastResponse() {
        return new Response((int) lastPeerRequest, lastResult);
    }

    /** Takes a request that asks for our own reset. */
    Response accept(IncomingReset request, boolean somethingToDo) {
        lastPeerRequest = Serial.unwrap(lastPeerRequest, request.requestNumber());
        lastResult = somethingToDo ? Result.PERFORMED : Result.NOTHING_TO_DO;
        return lastResponse();
    }

    /** Refuses a request that we have no use for. */
    Response refuse(Unsupported request) {
        lastPeerRequest = Serial.unwrap(lastPeerRequest, request.requestNumber());
        lastResult = Result.DENIED;
        return lastResponse();
    }
}
