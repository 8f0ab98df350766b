// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.CloseReason;
import dev.tributary.datachannel.PacketObserver;
import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.SctpSettings;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.SctpStatistics;
import dev.tributary.datachannel.SendOptions;
import dev.tributary.datachannel.SendStatus;
import dev.tributary.datachannel.internal.tx.OutgoingMessage;
import dev.tributary.datachannel.internal.tx.RetransmissionQueue;
import dev.tributary.datachannel.internal.tx.RetransmissionTimeout;
import dev.tributary.datachannel.internal.tx.SendQueue;
import dev.tributary.datachannel.internal.wire.Capabilities;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.ErrorCause;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The association itself: its state, its timers, what the application asks of it. Packets come in by
 * {@link PacketReceiver} and go out by {@link PacketAssembler}; each procedure of the RFCs that takes more than one message
 * has a class of its own.
 *
 * <p>Not thread-safe.
 */
public final class Association {
    final SctpSettings settings;
    final RandomGenerator random;
    final Anomalies anomalies = new Anomalies();
    final Timers timers = new Timers();
    final ControlQueue control;
    final RetransmissionTimeout timeout = new RetransmissionTimeout();
    final SendQueue queue;
    final ReceiveWindow window;
    final Outbox outbox;
    final Handshake handshake;
    final Heartbeats heartbeats;
    final ResetProcedure resets;
    final ShutdownProcedure shutdown;

    private final ArrayDeque<SctpEvent> events = new ArrayDeque<>();
    private final PacketReceiver receiver;
    private final PacketAssembler assembler;
    private SctpState state = SctpState.IDLE;
    private @Nullable Session session;
    private long nowNanos;
    private int unanswered;
    private boolean restarting;
    private boolean undrained;
    private long messagesReceived;
    private long packetsReceived;

    /** An association that does nothing before it is told to, or a packet comes. */
    public Association(SctpSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.control = new ControlQueue(
                settings.limits().controlChunksMax(), settings.mtuBytes() - PacketHeader.BYTES, anomalies);
        this.queue = new SendQueue(stream -> events.add(new SctpEvent.BufferedAmountLow(stream)));
        this.window = new ReceiveWindow(settings.limits().receiveWindowBytes());
        this.outbox = new Outbox(this);
        this.handshake = new Handshake(this);
        this.heartbeats = new Heartbeats(this);
        this.resets = new ResetProcedure(this);
        this.shutdown = new ShutdownProcedure(this);
        this.receiver = new PacketReceiver(this);
        this.assembler = new PacketAssembler(this);
    }

    // ------------------------------------------------------------------ what the application asks

    public SctpState state() {
        return state;
    }

    /** Sends INIT, unless the association has begun. */
    public void connect(long now) {
        turn(now);
        if (state == SctpState.IDLE) {
            handshake.connect(nowNanos);
        }
    }

    /** Queues a message; {@code counted} when it is part of the buffered amount of its stream. */
    public SendStatus send(int stream, int ppid, byte[] payload, SendOptions options, boolean counted, long now) {
        turn(now);
        return outbox.send(stream, ppid, payload, options, counted, nowNanos);
    }

    /** Begins a message that is written in pieces; {@code null} when its stream takes none. */
    public @Nullable OutgoingMessage begin(int stream, int ppid, int sizeBytes, SendOptions options, long now) {
        turn(now);
        return outbox.begin(stream, ppid, sizeBytes, options, nowNanos);
    }

    /** Takes as much of a piece as there is room for; -1 when the message is no more. */
    public int write(OutgoingMessage message, ByteBuffer piece, long now) {
        turn(now);
        return outbox.write(message, piece, nowNanos);
    }

    /** Gives up a message that is written in pieces; false when it is whole, or the peer cannot do without it. */
    public boolean cancel(OutgoingMessage message, long now) {
        turn(now);
        return outbox.cancel(message);
    }

    /** Sets the weight of a stream against others (RFC 8831 §6.4). */
    public void priority(int stream, int priority) {
        queue.priority(stream, priority);
    }

    /** Payload that we hold: what was never sent, and what may have to be sent again. */
    long bufferedBytes() {
        Session current = session;
        return queue.unsentBytes() + (current == null ? 0 : current.retransmissions.heldBytes());
    }

    public int remoteMessageBytesMax() {
        return settings.remoteMessageBytesMax();
    }

    /** How many streams we may send on; what we want as long as the peer has not said what it takes. */
    public int outboundStreams() {
        int wanted = settings.limits().streamsMax();
        return session == null ? wanted : session.outboundStreams(wanted);
    }

    /** Resets outgoing streams when what waits on them is sent. */
    public void resetStreams(List<Integer> streams, long now) {
        turn(now);
        streams.forEach(queue::prepareReset);
    }

    /** Whether the peer can reset streams (RFC 6525). */
    public boolean supportsStreamReset() {
        return session == null || session.agreed.streamReset();
    }

    public long bufferedBytes(int stream) {
        return queue.bufferedBytes(stream);
    }

    public void lowThreshold(int stream, long bytes) {
        queue.lowThreshold(stream, bytes);
    }

    /** Ends the association when all that waits is acknowledged (RFC 9260 §9.2). */
    public void shutdown(long now) {
        turn(now);
        shutdown.begin();
    }

    /** Ends the association at once (RFC 9260 §9.1). */
    public void abort(String text, long now) {
        turn(now);
        abort(CloseReason.Kind.ABORTED, ErrorCause.of(ErrorCause.USER_INITIATED_ABORT, text), text);
    }

    // ------------------------------------------------------------------ the drive contract

    public void handlePacket(ByteBuffer packet, long now) {
        turn(now);
        packetsReceived++;
        observe(false, packet);
        receiver.handle(packet, nowNanos);
        outbox.progress();
    }

    public void handleTimeout(long now) {
        turn(now);
        if (timers.takeDue(Timers.Kind.T1, nowNanos)) {
            handshake.handleT1(nowNanos);
        }
        if (timers.takeDue(Timers.Kind.T2, nowNanos)) {
            shutdown.handleTimer();
        }
        Session current = session;
        if (current == null) {
            return;
        }
        if (timers.takeDue(Timers.Kind.ACK, nowNanos)) {
            current.tracker.ackDelayOver();
        }
        if (timers.takeDue(Timers.Kind.T3, nowNanos)) {
            handleT3(current.retransmissions);
        }
        if (timers.takeDue(Timers.Kind.FORWARD_TSN, nowNanos)) {
            current.retransmissions.repeatForwardTsn();
        }
        if (timers.takeDue(Timers.Kind.RECONFIG, nowNanos)) {
            resets.handleTimer(current, nowNanos);
        }
        if (timers.takeDue(Timers.Kind.HEARTBEAT, nowNanos)) {
            heartbeats.handleTimer(nowNanos);
        }
    }

    public boolean pollTransmit(ByteBuffer out) {
        out.clear();
        if (assembler.assemble(out, nowNanos)) {
            out.flip();
            observe(true, out);
            return true;
        }
        undrained = false;
        outbox.progress();
        return false;
    }

    public @Nullable SctpEvent pollEvent() {
        SctpEvent event = events.poll();
        if (event instanceof SctpEvent.MessageReceived message) {
            window.polled(message.payload().length);
            Session current = session;
            if (current != null && window.takeReopened(windowBytes())) {
                current.tracker.windowChanged();
                undrained = true;
            }
        }
        return event;
    }

    public long nextTimeoutNanos() {
        // An owner that has not drained yet gets a turn at once.
        return undrained ? nowNanos : timers.next();
    }

    private void observe(boolean sent, ByteBuffer packet) {
        // Most have no observer: then no view of the packet is made either.
        if (settings.observer() != PacketObserver.NONE) {
            settings.observer().packet(sent, packet.slice(), nowNanos);
        }
    }

    private void turn(long now) {
        // Time that goes backwards is no time passed.
        nowNanos = Math.max(nowNanos, now);
        undrained = true;
        assembler.grantBurst(nowNanos);
    }

    // ------------------------------------------------------------------ timers

    private void handleT3(RetransmissionQueue retransmissions) {
        if (retransmissions.isEmpty() || giveUpUnanswered()) {
            return;
        }
        retransmissions.handleTimeout(nowNanos);
        timers.set(Timers.Kind.T3, nowNanos + timeout.nanos());
    }

    /** Something timed out. Returns whether that was once too often, and the association is over. */
    boolean giveUpUnanswered() {
        if (!isGivenUpAfter(++unanswered)) {
            return false;
        }
        timedOut();
        return true;
    }

    /** Whether so many time-outs in a row are too many. */
    boolean isGivenUpAfter(int count) {
        int max = settings.unansweredRetransmissionsMax();
        return max > 0 && count > max;
    }

    void answered() {
        unanswered = 0;
    }

    // ------------------------------------------------------------------ state

    @Nullable
    Session session() {
        return session;
    }

    void enter(SctpState next) {
        state = next;
    }

    void tell(SctpEvent event) {
        events.add(event);
    }

    /** The peer is known. */
    void begin(int localTag, int localInitialTsn, PeerParameters peer, Capabilities offered) {
        session = new Session(settings, offered, localTag, localInitialTsn, peer, queue, timeout, this::received);
    }

    /** Forgets the peer, to begin anew. */
    void end() {
        session = null;
        timers.stopAll();
        control.clear();
        state = SctpState.IDLE;
    }

    /** RFC 9260 §5.2.4.1: the peer lost its state. */
    void restart() {
        restarting = state.compareTo(SctpState.ESTABLISHED) >= 0;
        end();
        queue.restart(restarting);
    }

    boolean takeRestarting() {
        boolean was = restarting;
        restarting = false;
        return was;
    }

    private void received(SctpEvent.MessageReceived message) {
        messagesReceived++;
        window.received(message.payload().length);
        events.add(message);
    }

    /** The room that is left for the peer, as said in the next SACK. */
    long windowBytes() {
        Session current = session;
        long waiting = current == null ? 0 : current.reassembly.waitingBytes();
        return window.roomBytes(waiting);
    }

    // ------------------------------------------------------------------ ends

    void timedOut() {
        abort(
                CloseReason.Kind.TIMED_OUT,
                ErrorCause.of(ErrorCause.USER_INITIATED_ABORT, "No answer"),
                "No answer after " + settings.unansweredRetransmissionsMax() + " retransmissions");
    }

    /** The peer broke the protocol or a limit in a way that cannot be overlooked. */
    void misbehaved(ErrorCause cause, SctpAnomaly anomaly) {
        anomalies.count(anomaly);
        abort(CloseReason.Kind.PEER_MISBEHAVED, cause, cause.text());
    }

    private void abort(CloseReason.Kind kind, ErrorCause cause, String text) {
        if (state == SctpState.CLOSED) {
            return;
        }
        Session current = session;
        control.clear();
        if (current != null) {
            control.addAlone(current.peer.tag(), cause.chunk(ChunkType.ABORT, 0));
        }
        close(new CloseReason(kind, cause.code(), text));
    }

    void close(CloseReason reason) {
        if (state != SctpState.CLOSED) {
            state = SctpState.CLOSED;
            session = null;
            timers.stopAll();
            outbox.close();
            events.add(new SctpEvent.Closed(reason));
        }
    }

    // ------------------------------------------------------------------ numbers

    public SctpStatistics statistics() {
        Session current = session;
        RetransmissionQueue out = current == null ? null : current.retransmissions;
        return new SctpStatistics(
                assembler.packetsSent(),
                packetsReceived,
                out == null ? 0 : out.sentMessages(),
                messagesReceived,
                queue.expiredCount() + (out == null ? 0 : out.abandonedMessages()),
                out == null ? 0 : out.retransmissions(),
                out == null ? 0 : out.fastRetransmissions(),
                out == null ? 0 : out.timeouts(),
                out == null ? 0 : out.congestionWindowBytes(),
                out == null ? 0 : out.slowStartThresholdBytes(),
                out == null ? 0 : out.flightBytes(),
                out == null ? 0 : out.outstandingCount(),
                bufferedBytes(),
                out == null ? 0 : out.peerWindowBytes(),
                timeout.smoothedNanos() / 1_000,
                timeout.nanos() / 1_000,
                window.unpolledBytes() + (current == null ? 0 : current.reassembly.waitingBytes()),
                anomalies.snapshot());
    }

    /** Counts what the layer above finds wrong with the peer. */
    public void count(SctpAnomaly anomaly) {
        anomalies.count(anomaly);
    }

    long nowNanos() {
        return nowNanos;
    }
}
