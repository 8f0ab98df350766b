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
import org.jspecify.annotations.Nullable;

/**
 * The numbers and the memory of stream resets (RFC 6525): one request of ours is under way at most, the last request of
 * the peer and its result are kept so that a repetition gets the same answer.
 *
 * <p>A request of the peer may overtake the data that goes before it. It is answered "in progress" then, and performed as
 * soon as its last TSN has arrived.
 *
 * <p>Not thread-safe.
 */
final class StreamResets {
    /** So many streams fit a request in the smallest packet. */
    static final int STREAMS_PER_REQUEST_MAX = 128;

    private long nextRequest;
    private @Nullable OutgoingReset underWay;

    private long lastPeerRequest;
    private int lastResult = Result.NOTHING_TO_DO;
    private @Nullable OutgoingReset waiting;
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

    /** The request that is under way, once more. */
    byte @Nullable [] repeat() {
        return underWay == null ? null : ReconfigParameter.chunk(List.of(underWay));
    }

    /**
     * Takes a response. Returns the request that it ends; {@code null} when it ends none.
     *
     * <p>"In progress" ends nothing: the request is made anew, under a new number, since some peers take the repetition of
     * a number for one that they have performed.
     */
    @Nullable
    OutgoingReset handle(Response response) {
        OutgoingReset request = underWay;
        if (request == null || response.requestNumber() != request.requestNumber()) {
            return null;
        }
        if (response.result() == Result.IN_PROGRESS) {
            underWay = new OutgoingReset(
                    (int) nextRequest++, (int) lastPeerRequest, request.lastAssignedTsn(), request.streams());
            return null;
        }
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
        if (number != lastPeerRequest + 1) {
            return new Response(requestNumber, Result.BAD_SEQUENCE_NUMBER);
        }
        return null;
    }

    /** Whether an outgoing reset of the peer is performed now. */
    boolean accept(OutgoingReset request, long cumulativeTsn) {
        lastPeerRequest = Serial.unwrap(lastPeerRequest, request.requestNumber());
        OutgoingReset last = performedLate;
        if (last != null
                && last.lastAssignedTsn() == request.lastAssignedTsn()
                && last.streams().equals(request.streams())) {
            // The repetition, under a new number, of a request that was in progress and is performed by now.
            lastResult = Result.PERFORMED;
            return false;
        }
        if (Serial.unwrap(cumulativeTsn, request.lastAssignedTsn()) > cumulativeTsn) {
            waiting = request;
            lastResult = Result.IN_PROGRESS;
            return false;
        }
        waiting = null;
        performedLate = null;
        lastResult = Result.PERFORMED;
        return true;
    }

    /** The request that waited for this TSN, once; {@code null} when none did. */
    @Nullable
    OutgoingReset takeWaiting(long cumulativeTsn) {
        OutgoingReset request = waiting;
        if (request == null || Serial.unwrap(cumulativeTsn, request.lastAssignedTsn()) > cumulativeTsn) {
            return null;
        }
        waiting = null;
        performedLate = request;
        lastResult = Result.PERFORMED;
        return request;
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
