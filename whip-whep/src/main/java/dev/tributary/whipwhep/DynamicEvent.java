// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a {@link DynamicSender} or {@link DynamicReceiver} has to know or to do. Sequence numbers grow by one
 * with each new description.
 */
public sealed interface DynamicEvent {
    /**
     * Both ends have greeted, on the first channel or on a later one.
     *
     * @param session the id that the server gave to the session
     * @param role what the client is
     * @param permissions what the client may do
     * @param isResumed whether the client continued a session that both ends remember
     * @param via the instances that the stream passed, as the other end says
     */
    record Up(String session, ControlRole role, Set<Permission> permissions, boolean isResumed, List<String> via)
            implements DynamicEvent {}

    /**
     * The owner closes the data channel once every message was polled. The session itself goes on, static until the
     * client opens another channel.
     *
     * @param code why, or {@code null} when one end simply said bye
     */
    record CloseChannel(@Nullable ErrorCode code, String detail) implements DynamicEvent {}

    /**
     * The other end said that it ends the session.
     *
     * @param code its word for why
     */
    record ByeReceived(String code, String detail) implements DynamicEvent {}

    /**
     * The server advises to make a new session and then to DELETE this one (client only).
     *
     * @param url where, or {@code null} for the same endpoint
     * @param afterMillis when, in milliseconds from now
     */
    record ReconnectAdvised(@Nullable String url, long afterMillis) implements DynamicEvent {}

    /**
     * The reply to a request or a set of ours.
     *
     * @param id what the call returned
     * @param error why it was refused, or {@code null} when it was accepted
     */
    record ReplyReceived(long id, @Nullable ErrorCode error, String detail) implements DynamicEvent {}

    /** The other end reports an error that is no reply to a request of ours. */
    record ErrorReceived(ErrorCode code, String detail, boolean isFatal) implements DynamicEvent {}

    /**
     * The client of this session wants to change a track and is allowed to (server only). The owner applies it, or not,
     * and calls {@code accept} or {@code refuse} with the id once. The track may be one of another session of the room.
     */
    record SetReceived(long id, String track, TrackChange change) implements DynamicEvent {}

    /**
     * The owner makes an offer that carries the wanted tracks, and hands it to {@link DynamicSender#offer}; or calls
     * {@link DynamicSender#offerNotNeeded} (sender only).
     *
     * @param wanted the ids of the tracks that shall have an m-line, in the order in which they were listed
     */
    record OfferNeeded(List<String> wanted) implements DynamicEvent {}

    /**
     * The answer to the offer in flight. The owner applies it and calls {@link DynamicSender#committed} or
     * {@link DynamicSender#answerRefused} (sender only).
     */
    record AnswerReceived(long seq, String sdp) implements DynamicEvent {}

    /**
     * The offer was not accepted, or taken back; the other end has rolled back, and the owner does too (sender only).
     *
     * @param code why
     */
    record OfferRolledBack(long seq, ErrorCode code, String detail) implements DynamicEvent {}

    /**
     * No more offers are made: the other end does not answer. Media of the last committed description goes on (sender
     * only). A new channel, or a new session, may cure it.
     */
    record NegotiationFailed(ErrorCode code) implements DynamicEvent {}

    /**
     * The receiver asks for something (sender only). The owner does it, or not, and calls {@code accept} or
     * {@code refuse} with the id once. Subscribing and resynchronising are done by the sender itself; pausing changes the
     * track list by itself and is told so that media follows, already replied to when {@code id} is 0.
     */
    record RequestReceived(long id, TrackRequest request) implements DynamicEvent {}

    /**
     * The room has set what belongs to it on a track of ours, already applied to the list (sender that is the client).
     */
    record PolicyReceived(String track, TrackChange change) implements DynamicEvent {}

    /**
     * An offer. The owner applies it and calls {@link DynamicReceiver#answer} or {@link DynamicReceiver#reject} (receiver
     * only).
     *
     * @param mids which track each m-line carries; {@code null} for a slot that carries none
     */
    record OfferReceived(long seq, String sdp, Map<String, @Nullable String> mids) implements DynamicEvent {}

    /** An offer that was received was taken back before it was answered: the owner rolls back (receiver only). */
    record OfferCancelled(long seq) implements DynamicEvent {}

    /** Our answer could not be applied by the other end, which has rolled back; a new offer follows (receiver only). */
    record AnswerRefused(long seq, String detail) implements DynamicEvent {}

    /** A track came to the list (receiver only). */
    record TrackAdded(Track track) implements DynamicEvent {}

    /** A track of the list changed (receiver only). */
    record TrackUpdated(Track before, Track after) implements DynamicEvent {}

    /** A track left the list (receiver only). */
    record TrackRemoved(Track track) implements DynamicEvent {}

    /**
     * Something happened that is no state (receiver only). Events may be lost when this side reads slowly.
     *
     * @param name for example {@code speaker}
     * @param data JSON text
     */
    record EventReceived(String name, String data) implements DynamicEvent {}
}
