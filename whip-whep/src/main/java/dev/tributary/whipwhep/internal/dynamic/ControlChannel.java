// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import static dev.tributary.core.DatagramProtocol.NEVER;

import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Permission;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The half of the dynamic extension that does not depend on which way media flows: greeting, liveness, rates, replies, the
 * bounded queue towards the transport, and the right to set. The other half is its {@link Endpoint}.
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
    private static final int WORD_LENGTH_MAX = 256;

    /** The half that knows which way media flows. */
    public interface Endpoint {
        /** Whether this side sends media. */
        boolean isSender();

        /** The revision of the track list. */
        long revision();

        /** The track list. */
        Collection<Track> trackList();

        /** The last sequence number that was answered (receiver), so that a sender without memory goes on after it. */
        long answeredSeq();

        /** The client has read the welcome. */
        void welcomed(ObjectNode welcome, boolean isResumed);

        /** Both ends have greeted; what is outstanding is sent again. */
        void up(boolean isResumed);

        /** The channel is gone. */
        void down();

        /** One message of a type that is for this side. */
        void receive(String type, ObjectNode message);

        /** The room sets what belongs to it (sender that is the client). */
        void receivePolicy(long id, String track, TrackChange change);

        /** The peer reports an error about a sequence number of ours. */
        void errorAbout(long seq, ErrorCode code, String detail);
    }

    private enum State {
        DOWN,
        AWAITING,
        UP,
        CLOSING
    }

    private final DynamicOptions options;
    private final Endpoint endpoint;
    private final Outbox outbox;
    private final TokenBucket inboundRate;
    private final ArrayDeque<DynamicEvent> events = new ArrayDeque<>();
    private final LinkedHashSet<Long> unanswered = new LinkedHashSet<>();

    private State state = State.DOWN;
    private long nowNanos;
    private long helloDeadlineNanos = NEVER;
    private long pingDeadlineNanos = NEVER;
    private int pingsUnheard;
    private int excess;
    private long nextId = 1;
    private long snapshotDueNanos = NEVER;
    private String session;
    private boolean wasUp;

    /** A channel that is not there yet. */
    public ControlChannel(DynamicOptions options, Endpoint endpoint) {
        this.options = options;
        this.endpoint = endpoint;
        this.session = options.session();
        this.outbox =
                new Outbox(options.limits().queueMessages(), options.limits().queueBytes());
        this.inboundRate = new TokenBucket(
                options.limits().messagesPerSecond(), options.limits().messageBurst());
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
        return session;
    }

    /** The data channel opened; it replaces one that was there. */
    public void opened() {
        reset(State.AWAITING);
        helloDeadlineNanos = nowNanos + HELLO_TIMEOUT_NANOS;
        if (!options.isServer()) {
            ObjectNode hello = Json.message("hello").put("version", VERSION);
            hello.put("role", options.roles().iterator().next().wireName());
            if (wasUp) {
                hello.putObject("resume").put("session", session).put("revision", endpoint.revision());
            }
            writeVia(hello);
            enqueue(hello, false);
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
        snapshotDueNanos = NEVER;
        helloDeadlineNanos = NEVER;
        pingDeadlineNanos = NEVER;
        pingsUnheard = 0;
        excess = 0;
        for (long id : unanswered) {
            emit(new DynamicEvent.ReplyReceived(id, ErrorCode.INTERNAL, "the channel was lost before the reply"));
        }
        unanswered.clear();
        if (wasThere) {
            endpoint.down();
        }
    }

    private void writeVia(ObjectNode message) {
        String instance = options.instance();
        if (instance == null && options.via().isEmpty()) {
            return;
        }
        var via = message.putArray("via");
        options.via().forEach(via::add);
        if (instance != null) {
            via.add(instance);
        }
    }

    // ---- in ----

    /** Takes one frame of bytes. */
    public void handleBytes(byte[] frame) {
        if (frame.length > options.limits().receivedBytes()) {
            if (isListening() && admit()) {
                refuseSize();
            }
            return;
        }
        String text = Json.utf8(frame);
        if (text == null) {
            if (isListening() && admit()) {
                sendError(-1, ErrorCode.BAD_MESSAGE, "not UTF-8", false, 0);
            }
            return;
        }
        handle(text);
    }

    /** Takes one frame of text. */
    public void handleText(String text) {
        // A text has at most three bytes of UTF-8 for each of its characters: count only when it may be too long.
        if (text.length() > options.limits().receivedBytes() / 3
                && Texts.utf8Length(text) > options.limits().receivedBytes()) {
            if (isListening() && admit()) {
                refuseSize();
            }
            return;
        }
        handle(text);
    }

    private void refuseSize() {
        sendError(
                -1,
                ErrorCode.TOO_LARGE,
                "a message has at most " + options.limits().receivedBytes() + " bytes",
                false,
                0);
    }

    private boolean isListening() {
        return state == State.AWAITING || state == State.UP;
    }

    private void handle(String text) {
        if (!isListening() || !admit()) {
            return;
        }
        pingsUnheard = 0;
        long re = -1;
        String type = "";
        try {
            ObjectNode message = Json.readObject(text);
            type = Json.requiredText(message, "type");
            re = Json.integer(message, "id", -1);
            dispatch(type, message);
        } catch (BadMessage e) {
            // Never an error about an error: two ends would go on for ever.
            if (!type.equals("error") && !type.equals("ok")) {
                sendError(re, e.code(), e.detail(), false, 0);
            }
        }
    }

    /** Only a server protects itself: a server's rate follows from what happens in the room. */
    private boolean admit() {
        if (!options.isServer() || inboundRate.tryTake(nowNanos)) {
            return true;
        }
        if (excess == 0) {
            sendError(-1, ErrorCode.RATE_LIMITED, "this message and those above the rate are dropped", false, 1);
        }
        if (++excess > options.limits().excessMessages()) {
            fatal(ErrorCode.RATE_LIMITED, "far above the rate");
        }
        return false;
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
                emit(new DynamicEvent.ByeReceived(word(message, "code"), word(message, "detail")));
                reset(State.DOWN);
                emit(new DynamicEvent.CloseChannel(null, "the peer said bye"));
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
        ErrorCode code = ErrorCode.ofWireName(word(message, "code"));
        String detail = word(message, "detail");
        boolean isFatal = Boolean.TRUE.equals(Json.truth(message, "fatal"));
        long seq = Json.integer(message, "seq", -1);
        long re = Json.integer(message, "re", -1);
        if (seq >= 0) {
            endpoint.errorAbout(seq, code, detail);
        } else if (re < 0 || !replied(re, code, detail)) {
            emit(new DynamicEvent.ErrorReceived(code, detail, isFatal));
        }
        if (isFatal) {
            reset(State.DOWN);
            emit(new DynamicEvent.CloseChannel(code, detail));
        }
    }

    private boolean replied(long re, @Nullable ErrorCode error, String detail) {
        if (!unanswered.remove(re)) {
            return false;
        }
        emit(new DynamicEvent.ReplyReceived(re, error, detail));
        return true;
    }

    private static String word(ObjectNode message, String field) {
        String text = Json.text(message, field);
        return text == null ? "" : Texts.label(text, WORD_LENGTH_MAX);
    }

    // ---- greeting ----

    private void greet(String type, ObjectNode message) {
        if (options.isServer()) {
            if (!type.equals("hello")) {
                fatal(ErrorCode.BAD_MESSAGE, "the first message is hello");
            } else {
                receiveHello(message);
            }
        } else if (type.equals("welcome")) {
            receiveWelcome(message);
        } else {
            throw new BadMessage("the first message is welcome");
        }
    }

    private void receiveHello(ObjectNode hello) {
        if (Json.requiredInteger(hello, "version") != VERSION) {
            fatal(ErrorCode.UNSUPPORTED_VERSION, "version " + VERSION + " is spoken here");
            return;
        }
        ControlRole role = ControlRole.ofWireName(Json.requiredText(hello, "role"));
        if (role == null || !options.roles().contains(role)) {
            fatal(ErrorCode.ROLE_CONFLICT, "this session is not for that role");
            return;
        }
        List<String> via = checkedVia(hello);
        if (via == null) {
            return;
        }
        boolean isResumed = hello.get("resume") instanceof ObjectNode resume
                && session.equals(Json.text(resume, "session"))
                && wasUp;
        ObjectNode welcome = Json.message("welcome").put("version", VERSION);
        welcome.put("session", session).put("revision", endpoint.revision());
        if (!endpoint.isSender()) {
            welcome.put("seq", endpoint.answeredSeq());
        }
        var permissions = welcome.putArray("permissions");
        options.permissions().stream().sorted().forEach(granted -> permissions.add(granted.wireName()));
        if (endpoint.isSender()) {
            writeVia(welcome);
        }
        TrackCodec.writeAll(welcome, endpoint.trackList());
        enqueue(welcome, false);
        becomeUp(new DynamicEvent.Up(session, role, options.permissions(), isResumed, via));
    }

    private void receiveWelcome(ObjectNode welcome) {
        if (Json.requiredInteger(welcome, "version") != VERSION) {
            fatal(ErrorCode.UNSUPPORTED_VERSION, "version " + VERSION + " is spoken here");
            return;
        }
        String given = Json.requiredText(welcome, "session");
        if (given.length() > WORD_LENGTH_MAX) {
            throw new BadMessage("session is too long");
        }
        List<String> via = checkedVia(welcome);
        if (via == null) {
            return;
        }
        boolean isResumed = wasUp && given.equals(session);
        endpoint.welcomed(welcome, isResumed);
        session = given;
        becomeUp(new DynamicEvent.Up(
                session, options.roles().iterator().next(), Permissions.read(welcome), isResumed, via));
    }

    private @Nullable List<String> checkedVia(ObjectNode message) {
        List<String> via = Permissions.words(message, "via", options.limits().hops() + 1);
        if (options.instance() != null && via.contains(options.instance())) {
            fatal(ErrorCode.LOOP, "the stream has passed this instance");
            return null;
        }
        if (via.size() > options.limits().hops()) {
            fatal(ErrorCode.LIMIT, "a stream passes at most " + options.limits().hops() + " instances");
            return null;
        }
        return via;
    }

    private void becomeUp(DynamicEvent.Up event) {
        state = State.UP;
        wasUp = true;
        helloDeadlineNanos = NEVER;
        pingDeadlineNanos = nowNanos + PING_INTERVAL_NANOS;
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
        TrackChange change = readChange(message);
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

    private static TrackChange readChange(ObjectNode message) {
        String purpose = Json.text(message, "purpose");
        Boolean muted = Json.truth(message, "muted");
        Boolean enabled = Json.truth(message, "enabled");
        String label = Json.text(message, "label");
        if (muted == null && enabled == null && label == null && purpose == null) {
            throw new BadMessage("set names none of muted, enabled, label and purpose");
        }
        return new TrackChange(
                muted,
                enabled,
                label == null ? null : Texts.label(label, Track.LABEL_BYTES_MAX),
                purpose == null ? null : Purpose.ofWireName(purpose));
    }

    private void receiveReconnect(ObjectNode message) {
        String url = Json.text(message, "url");
        if (url != null && url.length() > 2048) {
            throw new BadMessage("url is too long");
        }
        long afterSeconds = Math.min(Json.integer(message, "after", 0), 86_400);
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
        if (state == State.UP && snapshotDueNanos == NEVER) {
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
        return text.length() <= options.limits().sentBytes() / 3
                || Texts.utf8Length(text) <= options.limits().sentBytes();
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

    private void closeNow(ErrorCode code, String detail) {
        reset(State.DOWN);
        emit(new DynamicEvent.CloseChannel(code, detail));
    }

    /** Has the whole track list sent, not before a time, instead of changes until then. */
    public void requestSnapshot(long notBeforeNanos) {
        if (state == State.UP) {
            snapshotDueNanos = Math.min(snapshotDueNanos, notBeforeNanos);
        }
    }

    /** Queues a snapshot that waits, so that what is queued next may refer to its revision. */
    public void flushSnapshot() {
        if (snapshotDueNanos != NEVER && state == State.UP) {
            snapshotDueNanos = NEVER;
            enqueue(snapshot(), true);
        }
    }

    /** The whole track list as a message. */
    public ObjectNode snapshot() {
        ObjectNode message = Json.message("tracks").put("revision", endpoint.revision());
        TrackCodec.writeAll(message, endpoint.trackList());
        return message;
    }

    /** Queues an error. */
    public void sendError(long re, ErrorCode code, String detail, boolean isFatal, int retryAfterSeconds) {
        ObjectNode error = error(code, detail);
        if (re >= 0) {
            error.put("re", re);
        }
        if (isFatal) {
            error.put("fatal", true);
        }
        if (retryAfterSeconds > 0) {
            error.put("retryAfter", retryAfterSeconds);
        }
        enqueue(error, false);
    }

    /** Queues an error about a description. */
    public void sendErrorAbout(long seq, ErrorCode code, String detail) {
        send(error(code, detail).put("seq", seq));
    }

    private static ObjectNode error(ErrorCode code, String detail) {
        ObjectNode error = Json.message("error").put("code", code.wireName()).put("title", code.title());
        return detail.isEmpty() ? error : error.put("detail", detail);
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
        snapshotDueNanos = NEVER;
        helloDeadlineNanos = NEVER;
        pingDeadlineNanos = NEVER;
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
        if (state != State.UP || unanswered.size() >= options.limits().requests()) {
            return 0;
        }
        long id = nextId++;
        unanswered.add(id);
        enqueue(message.put("id", id), false);
        return id;
    }

    /** Asks to change a track; returns the id of the question, or 0. */
    public long set(String track, TrackChange change) {
        if (options.isServer() && endpoint.isSender()) {
            throw new IllegalStateException("The server of a WHEP session changes its own list, it never asks to");
        }
        ObjectNode message = Json.message("set").put("track", track);
        if (change.muted() != null) {
            message.put("muted", change.muted());
        }
        if (change.enabled() != null) {
            message.put("enabled", change.enabled());
        }
        if (change.label() != null) {
            message.put("label", change.label());
        }
        if (change.purpose() != null) {
            message.put("purpose", change.purpose().wireName());
        }
        return ask(message);
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
        if (outbox.isEmpty() && snapshotDueNanos <= nowNanos) {
            flushSnapshot();
        }
        return outbox.poll();
    }

    // ---- time ----

    /** Fires what is due. */
    public void handleTimeout() {
        if (helloDeadlineNanos <= nowNanos) {
            helloDeadlineNanos = NEVER;
            fatal(ErrorCode.HELLO_TIMEOUT, options.isServer() ? "no hello in time" : "no welcome in time");
        }
        if (pingDeadlineNanos <= nowNanos) {
            if (pingsUnheard >= PING_MISSES_MAX) {
                closeNow(ErrorCode.NEGOTIATION_TIMEOUT, "three pings without a sign of life");
                return;
            }
            pingsUnheard++;
            pingDeadlineNanos = nowNanos + PING_INTERVAL_NANOS;
            enqueue(Json.message("ping").put("id", nextId++), false);
        }
    }

    /** The next deadline, or never. */
    public long nextTimeoutNanos() {
        // A snapshot that is due waits for the transport, not for time.
        long snapshotNanos = snapshotDueNanos > nowNanos ? snapshotDueNanos : NEVER;
        return Math.min(Math.min(helloDeadlineNanos, pingDeadlineNanos), snapshotNanos);
    }
}
