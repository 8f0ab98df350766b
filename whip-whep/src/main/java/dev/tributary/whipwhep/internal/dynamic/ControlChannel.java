// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Permission;
import dev.tributary.whipwhep.TrackChange;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The half of the dynamic extension that does not depend on which way media flows: greeting, liveness, rates, replies, the
 * bounded queue towards the transport, and the right to set. The other half is its {@link Endpoint}. The parts are
 * {@link Greeting}, {@link Liveness}, {@link InboundRate}, {@link Questions} and {@link Outbox}; here is how they meet.
 *
 * <pre>
 *            opened (server)              hello
 *   DOWN ───────────────────▶ AWAITING ─────────▶ UP ──── fatal error, bye ───▶ CLOSING ── closed ──▶ DOWN
 *        opened (client: hello)          welcome
 * </pre>
 *
 * <p>A channel that opens while another one is there replaces it. Not thread-safe: owned by the loop of its session.
 */
public final class ControlChannel {
    /** The only version there is. */
    public static final int VERSION = 1;

    /** How long a client has to greet, and a server to answer. */
    public static final long HELLO_TIMEOUT_NANOS = 10_000_000_000L;

    /** The distance of pings. */
    public static final long PING_INTERVAL_NANOS = 15_000_000_000L;

    /** So many pings without any message of the peer close the channel. */
    public static final int PING_MISSES_MAX = 3;

    private static final Set<String> TO_SENDER = Set.of("answer", "reject", "cancelled", "request");
    private static final Set<String> TO_RECEIVER = Set.of("tracks", "track", "offer", "cancel", "layers", "event");
    private static final Set<String> KNOWN = Set.of("hello", "welcome", "set", "reconnect");

    private static final int URL_LENGTH_MAX = 2048;
    private static final long RECONNECT_AFTER_SECONDS_MAX = 86_400;

    private enum State {
        DOWN,
        AWAITING,
        UP,
        CLOSING
    }

    private final DynamicOptions options;
    private final Endpoint endpoint;
    private final Greeting greeting;
    private final Liveness liveness = new Liveness();
    private final InboundRate inboundRate;
    private final Questions questions;
    private final Outbox outbox;
    private final ArrayDeque<DynamicEvent> events = new ArrayDeque<>();

    private State state = State.DOWN;
    private long nowNanos;

    /** A channel that is not there yet. */
    ControlChannel(DynamicOptions options, Endpoint endpoint) {
        this.options = options;
        this.endpoint = endpoint;
        this.greeting = new Greeting(options, endpoint);
        this.inboundRate = new InboundRate(options.limits());
        this.questions = new Questions(options.limits().requests());
        this.outbox = new Outbox(options.limits());
    }

    /** The bounds and the rest of what the owner said. */
    public DynamicOptions options() {
        return options;
    }

    /** Takes the time of this turn; time that goes backwards stands still. */
    public long advance(long now) {
        nowNanos = Math.max(nowNanos, now);
        return nowNanos;
    }

    /** The time of this turn. */
    public long now() {
        return nowNanos;
    }

    /** Whether both ends have greeted. */
    public boolean isUp() {
        return state == State.UP;
    }

    /** The id of the session, empty at a client before its first welcome. */
    public String session() {
        return greeting.session();
    }

    /** The data channel opened; it replaces one that was there. */
    public void opened() {
        reset(State.AWAITING);
        liveness.opened(nowNanos);
        if (!options.isServer()) {
            enqueue(greeting.hello(), false);
        }
    }

    /** The data channel is gone. */
    public void closed() {
        reset(State.DOWN);
    }

    private void reset(State next) {
        boolean wasThere = state == State.UP;
        state = next;
        outbox.clear();
        liveness.stop();
        inboundRate.forgive();
        for (long id : questions.abandon()) {
            emit(new DynamicEvent.ReplyReceived(id, ErrorCode.INTERNAL, "the channel was lost before the reply"));
        }
        if (wasThere) {
            endpoint.down();
        }
    }

    // ---- in ----

    /** Takes one frame of bytes. */
    public void handleBytes(byte[] frame) {
        if (!isListening()) {
            return;
        }
        if (frame.length > options.limits().receivedBytes()) {
            if (admit()) {
                refuseSize();
            }
            return;
        }
        String text = Json.utf8(frame);
        if (text != null) {
            handle(text);
        } else if (admit()) {
            sendError(-1, ErrorCode.BAD_MESSAGE, "not UTF-8", false, 0);
        }
    }

    /** Takes one frame of text. */
    public void handleText(String text) {
        if (!isListening()) {
            return;
        }
        // A text has at most three bytes of UTF-8 for each of its characters: count only when it may be too long.
        if (text.length() > options.limits().receivedBytes() / 3
                && Texts.utf8Length(text) > options.limits().receivedBytes()) {
            if (admit()) {
                refuseSize();
            }
            return;
        }
        handle(text);
    }

    private boolean isListening() {
        return state == State.AWAITING || state == State.UP;
    }

    private void refuseSize() {
        sendError(
                -1,
                ErrorCode.TOO_LARGE,
                "a message has at most " + options.limits().receivedBytes() + " bytes",
                false,
                0);
    }

    /** Only a server protects itself: a server's rate follows from what happens in the room. */
    private boolean admit() {
        if (!options.isServer()) {
            return true;
        }
        InboundRate.Verdict verdict = inboundRate.judge(nowNanos);
        switch (verdict) {
            case DROP_AND_TELL ->
                sendError(-1, ErrorCode.RATE_LIMITED, "this message and those above the rate are dropped", false, 1);
            case CUT_OFF -> fatal(ErrorCode.RATE_LIMITED, "far above the rate");
            default -> {
                // It is read, or dropped in silence.
            }
        }
        return verdict == InboundRate.Verdict.ADMIT;
    }

    private void handle(String text) {
        if (!admit()) {
            return;
        }
        liveness.heard();
        long re = -1;
        String type = "";
        try {
            ObjectNode message = Json.readObject(text);
            type = Json.requiredText(message, "type");
            re = Json.integer(message, "id", -1);
            dispatch(type, message);
        } catch (BadMessage e) {
            if (e.isFatal()) {
                fatal(e.code(), e.detail());
            } else if (!type.equals("error") && !type.equals("ok")) {
                // Never an error about an error: two ends would go on for ever.
                sendError(re, e.code(), e.detail(), false, 0);
            }
        }
    }

    private void dispatch(String type, ObjectNode message) {
        if (receiveCommon(type, message)) {
            return;
        }
        if (state == State.AWAITING) {
            greet(type, message);
            return;
        }
        if (type.equals("set") && (options.isServer() || endpoint.isSender())) {
            receiveSet(message);
        } else if (type.equals("reconnect") && !options.isServer()) {
            receiveReconnect(message);
        } else if (endpoint.isSender() ? TO_SENDER.contains(type) : TO_RECEIVER.contains(type)) {
            endpoint.receive(type, message);
        } else if (TO_SENDER.contains(type) || TO_RECEIVER.contains(type) || KNOWN.contains(type)) {
            throw new BadMessage(ErrorCode.ROLE_CONFLICT, type + " is not for this side, or not now");
        } else {
            throw new BadMessage(ErrorCode.UNKNOWN_TYPE, "unknown type " + Texts.excerpt(type));
        }
    }

    private boolean receiveCommon(String type, ObjectNode message) {
        switch (type) {
            case "ping" -> enqueue(Json.message("pong").put("re", Json.requiredInteger(message, "id")), false);
            case "pong" -> Json.requiredInteger(message, "re");
            case "bye" -> {
                emit(new DynamicEvent.ByeReceived(
                        ErrorCodec.requiredWord(message, "code"), ErrorCodec.word(message, "detail")));
                closeNow(null, "the peer said bye");
            }
            case "ok" -> replied(Json.requiredInteger(message, "re"), null, "");
            case "error" -> receiveError(message);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void receiveError(ObjectNode message) {
        ErrorCodec.Received error = ErrorCodec.read(message);
        if (error.seq() >= 0) {
            endpoint.errorAbout(error.seq(), error.code(), error.detail());
        } else if (error.re() < 0 || !replied(error.re(), error.code(), error.detail())) {
            emit(new DynamicEvent.ErrorReceived(error.code(), error.detail(), error.isFatal()));
        }
        if (error.isFatal()) {
            closeNow(error.code(), error.detail());
        }
    }

    private boolean replied(long re, @Nullable ErrorCode error, String detail) {
        if (!questions.replied(re)) {
            return false;
        }
        emit(new DynamicEvent.ReplyReceived(re, error, detail));
        return true;
    }

    // ---- greeting ----

    private void greet(String type, ObjectNode message) {
        if (options.isServer()) {
            if (!type.equals("hello")) {
                throw BadMessage.fatal(ErrorCode.BAD_MESSAGE, "the first message is hello");
            }
            DynamicEvent.Up up = greeting.readHello(message);
            enqueue(greeting.welcome(), false);
            becomeUp(up);
        } else if (type.equals("welcome")) {
            becomeUp(greeting.readWelcome(message));
        } else {
            throw new BadMessage("the first message is welcome");
        }
    }

    private void becomeUp(DynamicEvent.Up event) {
        state = State.UP;
        liveness.greeted(nowNanos);
        emit(event);
        endpoint.up(event.isResumed());
    }

    // ---- set, reconnect ----

    private void receiveSet(ObjectNode message) {
        long id = Json.requiredInteger(message, "id");
        String track = Json.requiredText(message, "track");
        if (!Texts.isToken(track)) {
            throw new BadMessage(ErrorCode.UNKNOWN_TRACK, "not the id of a track");
        }
        TrackChange change = ChangeCodec.read(message);
        if (!options.isServer()) {
            endpoint.receivePolicy(id, track, change);
            return;
        }
        if (change.touchesSource() && !options.owns().test(track)) {
            throw new BadMessage(ErrorCode.FORBIDDEN, "muted and label belong to the source of the track");
        }
        if (change.touchesPolicy() && !options.permissions().contains(Permission.HOST)) {
            throw new BadMessage(ErrorCode.FORBIDDEN, "enabled and purpose belong to the host");
        }
        emit(new DynamicEvent.SetReceived(id, track, change));
    }

    private void receiveReconnect(ObjectNode message) {
        String url = Json.text(message, "url");
        if (url != null && url.length() > URL_LENGTH_MAX) {
            throw new BadMessage("url is too long");
        }
        long afterSeconds = Math.min(Json.integer(message, "after", 0), RECONNECT_AFTER_SECONDS_MAX);
        emit(new DynamicEvent.ReconnectAdvised(url, afterSeconds * 1000));
    }

    // ---- out ----

    /** Queues a message, if the channel is up. */
    public void send(ObjectNode message) {
        if (state == State.UP) {
            enqueue(message, false);
        }
    }

    /** Queues a message about state that a snapshot would say as well, if the channel is up. */
    public void sendState(ObjectNode message) {
        // What waits behind a snapshot that is due is said by the snapshot.
        if (state == State.UP && !outbox.isSnapshotRequested()) {
            enqueue(message, true);
        }
    }

    /** Queues a message that may be lost when the peer reads slowly, if the channel is up. */
    public void sendEvent(ObjectNode message) {
        if (state == State.UP) {
            enqueue(message, true);
        }
    }

    /** Whether a message is not larger than the peer takes. */
    public boolean fits(String text) {
        return outbox.fits(text);
    }

    private void enqueue(ObjectNode message, boolean isState) {
        String text = Json.write(message);
        if (!fits(text)) {
            closeNow(ErrorCode.LIMIT, "a message would be larger than the peer takes");
            return;
        }
        if (outbox.add(text, isState)) {
            return;
        }
        if (endpoint.isSender() && state == State.UP) {
            // A slow peer gets one snapshot instead of every change.
            outbox.dropState();
            requestSnapshot(nowNanos);
            if (isState || outbox.add(text, false)) {
                return;
            }
        }
        closeNow(ErrorCode.LIMIT, "the peer reads too slowly");
    }

    private void closeNow(@Nullable ErrorCode code, String detail) {
        reset(State.DOWN);
        emit(new DynamicEvent.CloseChannel(code, detail));
    }

    /** Has the whole track list sent, not before a time, instead of changes until then. */
    public void requestSnapshot(long notBeforeNanos) {
        if (state == State.UP) {
            outbox.requestSnapshot(notBeforeNanos);
        }
    }

    /** Queues a snapshot that waits, so that what is queued next may refer to its revision. */
    public void flushSnapshot() {
        if (outbox.isSnapshotRequested() && state == State.UP) {
            outbox.snapshotTaken();
            enqueue(snapshot(), true);
        }
    }

    /** The whole track list as a message. */
    public ObjectNode snapshot() {
        ObjectNode message = Json.message("tracks").put("revision", endpoint.revision());
        TrackCodec.writeAll(message, endpoint.trackList());
        return message;
    }

    /** Queues an error; {@code re} and {@code retryAfterSeconds} are left out below 0 and at 0. */
    public void sendError(long re, ErrorCode code, String detail, boolean isFatal, int retryAfterSeconds) {
        enqueue(ErrorCodec.write(re, code, detail, isFatal, retryAfterSeconds), false);
    }

    /** Queues an error about a description. */
    public void sendErrorAbout(long seq, ErrorCode code, String detail) {
        send(ErrorCodec.writeAbout(seq, code, detail));
    }

    private void fatal(ErrorCode code, String detail) {
        sendError(-1, code, detail, true, 0);
        closing(code, detail);
    }

    private void closing(@Nullable ErrorCode code, String detail) {
        if (state == State.DOWN) {
            return;
        }
        boolean wasThere = state == State.UP;
        state = State.CLOSING;
        outbox.snapshotTaken();
        liveness.stop();
        if (wasThere) {
            endpoint.down();
        }
        emit(new DynamicEvent.CloseChannel(code, detail));
    }

    /** Replies that a request or set was done; id 0 is nobody's. */
    public void accept(long id) {
        if (id > 0) {
            send(Json.message("ok").put("re", id));
        }
    }

    /** Replies that a request or set was refused; id 0 is nobody's. */
    public void refuse(long id, ErrorCode code, String detail) {
        if (id > 0 && state == State.UP) {
            sendError(id, code, detail, false, 0);
        }
    }

    /** Sends a message that wants a reply; returns its id, or 0 when too many wait or the channel is not up. */
    public long ask(ObjectNode message) {
        long id = state == State.UP ? questions.ask() : 0;
        if (id != 0) {
            enqueue(message.put("id", id), false);
        }
        return id;
    }

    /** Asks to change a track; returns the id of the question, or 0. */
    public long set(String track, TrackChange change) {
        if (options.isServer() && endpoint.isSender()) {
            throw new IllegalStateException("The server of a WHEP session changes its own list, it never asks to");
        }
        return ask(ChangeCodec.write(track, change));
    }

    /** Advises to make a new session (server). */
    public void reconnect(@Nullable String url, int afterSeconds) {
        if (!options.isServer()) {
            throw new IllegalStateException("Only the server advises to reconnect");
        }
        ObjectNode message = Json.message("reconnect");
        if (url != null) {
            message.put("url", url);
        }
        if (afterSeconds > 0) {
            message.put("after", afterSeconds);
        }
        send(message);
    }

    /** Says bye and asks the owner to close the channel. */
    public void bye(String code, String detail) {
        if (state == State.UP) {
            enqueue(Json.message("bye").put("code", code).put("detail", detail), false);
            closing(null, detail);
        }
    }

    /** Tells the owner. */
    public void emit(DynamicEvent event) {
        events.add(event);
    }

    /** The next event, or {@code null}. */
    public @Nullable DynamicEvent pollEvent() {
        return events.poll();
    }

    /** The next message for the transport, or {@code null}. */
    public @Nullable String pollMessage() {
        if (outbox.isSnapshotDue(nowNanos)) {
            flushSnapshot();
        }
        return outbox.poll();
    }

    // ---- time ----

    /** Fires what is due. */
    public void handleTimeout() {
        if (liveness.isHelloOverdue(nowNanos)) {
            fatal(ErrorCode.HELLO_TIMEOUT, options.isServer() ? "no hello in time" : "no welcome in time");
        }
        if (liveness.isPingDue(nowNanos)) {
            if (liveness.ping(nowNanos)) {
                enqueue(Json.message("ping").put("id", questions.newId()), false);
            } else {
                closeNow(ErrorCode.NEGOTIATION_TIMEOUT, "three pings without a sign of life");
            }
        }
    }

    /** The next deadline, or never. */
    public long nextTimeoutNanos() {
        return Math.min(liveness.nextTimeoutNanos(), outbox.nextTimeoutNanos(nowNanos));
    }
}
