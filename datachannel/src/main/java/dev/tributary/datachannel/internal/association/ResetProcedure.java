// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.internal.wire.ReconfigParameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stream resets (RFC 6525 §5) between the streams and the wire; the numbers are in {@link StreamResets}.
 *
 * <p>Not thread-safe.
 */
final class ResetProcedure {
    private final Association association;
    private final Anomalies anomalies;

    ResetProcedure(Association association) {
        this.association = association;
        this.anomalies = association.anomalies;
    }

    /** Sends a request when streams wait for it and none is under way. */
    void begin(Session session, long nowNanos) {
        if (!session.agreed.streamReset() || session.resets.isUnderWay() || !association.queue.hasReadyResets()) {
            return;
        }
        List<Integer> streams = association.queue.beginResets(StreamResets.STREAMS_PER_REQUEST_MAX);
        association.control.add(session.resets.begin(streams, session.retransmissions.nextTsn()));
        startTimer(nowNanos);
    }

    /** No answer came: the request is sent again. */
    void handleTimer(Session session, long nowNanos) {
        byte[] request = session.resets.repeat();
        if (request == null || association.giveUpUnanswered()) {
            return;
        }
        association.timeout.backOff();
        association.control.add(request);
        startTimer(nowNanos);
    }

    void handle(@Nullable List<ReconfigParameter> parameters, Session session, long nowNanos) {
        if (parameters == null) {
            anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return;
        }
        if (!session.agreed.streamReset() || association.state().compareTo(SctpState.ESTABLISHED) < 0) {
            anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
            return;
        }
        List<ReconfigParameter.Response> responses = new ArrayList<>();
        for (ReconfigParameter parameter : parameters) {
            if (parameter instanceof ReconfigParameter.Response response) {
                handleResponse(response, session, nowNanos);
            } else {
                answerRequest(parameter, session, responses);
            }
        }
        // RFC 6525 §3.1: two parameters in a chunk at most.
        for (int i = 0; i < responses.size(); i += 2) {
            association.control.add(ReconfigParameter.chunk(responses.subList(i, Math.min(i + 2, responses.size()))));
        }
    }

    private void answerRequest(ReconfigParameter request, Session session, List<ReconfigParameter.Response> responses) {
        StreamResets resets = session.resets;
        if (request instanceof ReconfigParameter.OutgoingReset early && resets.keepAhead(early)) {
            return;
        }
        responses.add(answerInTurn(request, session));
        for (ReconfigParameter.OutgoingReset next; (next = resets.takeAhead()) != null; ) {
            responses.add(answerInTurn(next, session));
        }
    }

    private ReconfigParameter.Response answerInTurn(ReconfigParameter request, Session session) {
        StreamResets resets = session.resets;
        ReconfigParameter.Response known = resets.answerFromMemory(requestNumber(request));
        if (known != null) {
            if (known.result() == ReconfigParameter.Result.BAD_SEQUENCE_NUMBER) {
                anomalies.count(SctpAnomaly.BAD_RECONFIG_NUMBER);
            }
            return known;
        }
        if (request instanceof ReconfigParameter.OutgoingReset outgoing) {
            // RFC 6525 §5.2.2: the peer's number in "response sequence" is not looked at; some peers put their own
            // there.
            if (resets.accept(outgoing, session.tracker.cumulativeTsn())) {
                perform(outgoing, session);
            }
            return resets.lastResponse();
        }
        if (request instanceof ReconfigParameter.IncomingReset incoming) {
            incoming.streams().stream()
                    .filter(stream -> stream < association.outboundStreams())
                    .forEach(association.queue::prepareReset);
            return resets.accept(incoming, !incoming.streams().isEmpty());
        }
        anomalies.count(SctpAnomaly.UNSUPPORTED_RECONFIG);
        return resets.refuse((ReconfigParameter.Unsupported) request);
    }

    private static int requestNumber(ReconfigParameter request) {
        if (request instanceof ReconfigParameter.OutgoingReset outgoing) {
            return outgoing.requestNumber();
        } else if (request instanceof ReconfigParameter.IncomingReset incoming) {
            return incoming.requestNumber();
        }
        return ((ReconfigParameter.Unsupported) request).requestNumber();
    }

    /**
     * The cumulative TSN moved: a request of the peer may have waited for that. The peer is told at once, as usrsctp does,
     * and need not ask again: it was told "in progress", and may not use the stream before it knows.
     */
    void performWaiting(Session session) {
        long cumulativeTsn = session.tracker.cumulativeTsn();
        for (ReconfigParameter.OutgoingReset waiting; (waiting = session.resets.takeWaiting(cumulativeTsn)) != null; ) {
            perform(waiting, session);
            association.control.add(ReconfigParameter.chunk(List.of(
                    new ReconfigParameter.Response(waiting.requestNumber(), ReconfigParameter.Result.PERFORMED))));
        }
    }

    private void perform(ReconfigParameter.OutgoingReset reset, Session session) {
        session.reassembly.resetStreams(reset.streams());
        association.tell(new SctpEvent.StreamsReset(reset.streams()));
    }

    private void handleResponse(ReconfigParameter.Response response, Session session, long nowNanos) {
        ReconfigParameter.OutgoingReset ended = session.resets.handle(response);
        association.answered();
        if (ended != null) {
            boolean performed = response.result() == ReconfigParameter.Result.PERFORMED
                    || response.result() == ReconfigParameter.Result.NOTHING_TO_DO;
            association.timers.stop(Timers.Kind.RECONFIG);
            association.queue.endResets(ended.streams(), performed);
            association.tell(new SctpEvent.ResetCompleted(ended.streams(), performed));
        } else if (session.resets.isUnderWay()) {
            startTimer(nowNanos);
        }
    }

    private void startTimer(long nowNanos) {
        association.timers.set(Timers.Kind.RECONFIG, nowNanos + association.timeout.nanos());
    }
}
