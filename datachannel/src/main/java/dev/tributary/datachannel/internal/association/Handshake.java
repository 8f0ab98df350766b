// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.Limits;
import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.internal.wire.Capabilities;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.ErrorCause;
import dev.tributary.datachannel.internal.wire.InitChunk;
import dev.tributary.datachannel.internal.wire.PlainChunk;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The four-way handshake (RFC 9260 §5), with the collision in which both sides send INIT (§5.2.1, the normal case between
 * browsers) and the restart of the peer (§5.2.2, §5.2.4).
 *
 * <pre>
 * A -&gt; INIT        -&gt; Z      A keeps its tag and TSN, Z keeps nothing
 * A &lt;- INIT ACK    &lt;- Z      with the cookie that carries what Z needs to know
 * A -&gt; COOKIE ECHO -&gt; Z      Z is established
 * A &lt;- COOKIE ACK  &lt;- Z      A is established
 * </pre>
 */
final class Handshake {
    /** RFC 9260 §16 RTO.Initial has one second for T1 too. */
    private static final long T1_INITIAL_NANOS = 1_000_000_000L;

    private static final long T1_MAX_NANOS = 3_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Association association;
    private final Capabilities offered;
    private final CookieSeal seal;
    private int localTag;
    private int localInitialTsn;
    private byte @Nullable [] cookieEcho;
    private boolean cookieEchoDue;
    private int attempts;

    Handshake(Association association) {
        this.association = association;
        this.offered =
                new Capabilities(true, true, association.settings.interleaving(), association.settings.zeroChecksum());
        this.seal = new CookieSeal(association.random);
        this.localTag = newTag();
        this.localInitialTsn = association.random.nextInt();
    }

    Capabilities offered() {
        return offered;
    }

    /** The tag that we await before there is a session. */
    int localTag() {
        return localTag;
    }

    void connect(long nowNanos) {
        association.enter(SctpState.COOKIE_WAIT);
        attempts = 0;
        sendInit(nowNanos);
    }

    private void sendInit(long nowNanos) {
        association.control.addAlone(0, init(localTag, localInitialTsn, null, List.of()));
        startT1(nowNanos);
    }

    private byte[] init(int tag, int initialTsn, byte @Nullable [] cookie, List<byte[]> unrecognized) {
        Limits limits = association.settings.limits();
        ByteBuffer out = ByteBuffer.allocate(association.settings.mtuBytes());
        new InitChunk(
                        tag,
                        limits.receiveWindowBytes(),
                        limits.streamsMax(),
                        limits.streamsMax(),
                        initialTsn,
                        offered,
                        cookie,
                        unrecognized)
                .write(out, cookie != null);
        byte[] chunk = new byte[out.flip().remaining()];
        out.get(chunk);
        return chunk;
    }

    private void startT1(long nowNanos) {
        long wait = Math.min(T1_MAX_NANOS, T1_INITIAL_NANOS << Math.min(attempts, 4));
        association.timers.set(Timers.Kind.T1, nowNanos + wait);
    }

    void handleT1(long nowNanos) {
        attempts++;
        if (association.isGivenUpAfter(attempts)) {
            association.timedOut();
        } else if (association.state() == SctpState.COOKIE_WAIT) {
            sendInit(nowNanos);
        } else if (association.state() == SctpState.COOKIE_ECHOED) {
            cookieEchoDue = true;
            startT1(nowNanos);
        }
    }

    /** The COOKIE ECHO to send now; {@code null} when none is due. */
    byte @Nullable [] takeCookieEcho() {
        if (!cookieEchoDue) {
            return null;
        }
        cookieEchoDue = false;
        return cookieEcho;
    }

    void handleInit(InitChunk init, long nowNanos) {
        if (init.initiateTag() == 0) {
            association.anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return;
        }
        if (init.outboundStreams() == 0 || init.inboundStreams() == 0) {
            // RFC 9260 §3.3.2: a receiver of zero streams aborts.
            association.anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            association.control.addAlone(
                    init.initiateTag(),
                    ErrorCause.of(ErrorCause.INVALID_MANDATORY_PARAMETER, "No streams")
                            .chunk(ChunkType.ABORT, 0));
            return;
        }
        Session session = association.session();
        switch (association.state()) {
            case IDLE, COOKIE_WAIT ->
                // §5.2.1: the answer has the tag and TSN of our own INIT, so that both INITs lead to one association.
                answerInit(init, localTag, localInitialTsn, 0, 0, nowNanos);
            case COOKIE_ECHOED -> answerInit(init, localTag, localInitialTsn, localTag, tagOf(session), nowNanos);
            case SHUTDOWN_ACK_SENT ->
                // §9.2: the peer has not got our SHUTDOWN ACK.
                association.control.add(PlainChunk.of(ChunkType.SHUTDOWN_ACK, 0));
            default ->
                // §5.2.2: perhaps the peer began anew. Fresh numbers; nothing changes before the cookie comes back.
                answerInit(
                        init,
                        newTag(),
                        association.random.nextInt(),
                        session == null ? 0 : session.localTag,
                        tagOf(session),
                        nowNanos);
        }
    }

    private static int tagOf(@Nullable Session session) {
        return session == null ? 0 : session.peer.tag();
    }

    private void answerInit(InitChunk init, int tag, int tsn, int tieLocal, int tiePeer, long nowNanos) {
        StateCookie cookie = new StateCookie(nowNanos, tag, tsn, tieLocal, tiePeer, PeerParameters.of(init));
        association.control.addAlone(
                init.initiateTag(), init(tag, tsn, seal.seal(cookie.encode()), fitting(init.unrecognized())));
    }

    private List<byte[]> fitting(List<byte[]> unrecognized) {
        int size = 0;
        for (byte[] each : unrecognized) {
            size += each.length + 8;
        }
        return size > association.settings.mtuBytes() / 2 ? List.of() : unrecognized;
    }

    void handleInitAck(InitChunk ack, long nowNanos) {
        byte[] cookie = ack.cookie();
        if (association.state() != SctpState.COOKIE_WAIT) {
            // §5.2.3: silently dropped in every other state.
            association.anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
            return;
        }
        if (cookie == null
                || cookie.length > association.settings.mtuBytes() / 2
                || ack.initiateTag() == 0
                || ack.outboundStreams() == 0
                || ack.inboundStreams() == 0) {
            association.anomalies.count(SctpAnomaly.MALFORMED_CHUNK);
            return;
        }
        association.begin(localTag, localInitialTsn, PeerParameters.of(ack), offered);
        cookieEcho = PlainChunk.of(ChunkType.COOKIE_ECHO, 0, cookie);
        cookieEchoDue = true;
        attempts = 0;
        association.enter(SctpState.COOKIE_ECHOED);
        startT1(nowNanos);
        for (byte[] parameter : ack.unrecognized()) {
            // RFC 9260 §3.2.2: reported in an ERROR beside the COOKIE ECHO.
            association.control.add(
                    ErrorCause.of(ErrorCause.UNRECOGNIZED_PARAMETERS, parameter).chunk(ChunkType.ERROR, 0));
        }
    }

    /** Takes a COOKIE ECHO (§5.1 D, §5.2.4). Returns false when the rest of the packet must not be looked at. */
    boolean handleCookieEcho(byte[] sealed, int verificationTag, long nowNanos) {
        byte[] content = seal.open(sealed);
        StateCookie cookie = content == null ? null : StateCookie.decode(content);
        if (cookie == null || cookie.localTag() != verificationTag) {
            association.anomalies.count(SctpAnomaly.FORGED_COOKIE);
            return false;
        }
        long lifeNanos = association.settings.limits().cookieLifeMillis() * NANOS_PER_MILLI;
        Session session = association.session();
        boolean repeated = session != null
                && session.localTag == cookie.localTag()
                && session.peer.tag() == cookie.peer().tag();
        if (nowNanos - cookie.createdNanos() > lifeNanos && !repeated) {
            // §5.2.6: how many microseconds too late.
            association.anomalies.count(SctpAnomaly.STALE_COOKIE);
            long lateMicros = (nowNanos - cookie.createdNanos() - lifeNanos) / 1_000;
            byte[] staleness = ByteBuffer.allocate(4)
                    .putInt((int) Math.min(lateMicros, Integer.MAX_VALUE))
                    .array();
            association.control.addAlone(
                    cookie.peer().tag(), new ErrorCause(ErrorCause.STALE_COOKIE, staleness).chunk(ChunkType.ERROR, 0));
            return false;
        }
        if (session == null) {
            establish(cookie, nowNanos);
        } else if (repeated) {
            return repeatedCookie(nowNanos);
        } else {
            return collidingCookie(cookie, session, nowNanos);
        }
        return true;
    }

    private void establish(StateCookie cookie, long nowNanos) {
        localTag = cookie.localTag();
        localInitialTsn = cookie.localInitialTsn();
        association.begin(localTag, localInitialTsn, cookie.peer(), offered);
        established(nowNanos);
        association.control.add(PlainChunk.of(ChunkType.COOKIE_ACK, 0));
    }

    /** §5.2.4 D: both tags match. */
    private boolean repeatedCookie(long nowNanos) {
        if (association.state() == SctpState.COOKIE_ECHOED) {
            established(nowNanos);
        }
        association.control.add(PlainChunk.of(ChunkType.COOKIE_ACK, 0));
        return true;
    }

    private boolean collidingCookie(StateCookie cookie, Session session, long nowNanos) {
        boolean localMatches = cookie.localTag() == session.localTag;
        boolean peerMatches = cookie.peer().tag() == session.peer.tag();
        boolean tiesMatch = cookie.tieLocalTag() == session.localTag && cookie.tiePeerTag() == session.peer.tag();
        if (!localMatches && !peerMatches && tiesMatch) {
            if (association.state() == SctpState.SHUTDOWN_ACK_SENT) {
                // §5.2.4 A: while shutting down, the peer is told so and no new association begins.
                association.control.add(PlainChunk.of(ChunkType.SHUTDOWN_ACK, 0));
                association.control.add(new ErrorCause(ErrorCause.COOKIE_RECEIVED_WHILE_SHUTTING_DOWN, new byte[0])
                        .chunk(ChunkType.ERROR, 0));
                return false;
            }
            // §5.2.4 A: the peer restarted.
            association.restart();
            establish(cookie, nowNanos);
            return true;
        }
        if (localMatches && association.state() == SctpState.COOKIE_ECHOED) {
            // §5.2.4 B: both sent INIT, and the peer's came with other numbers than its INIT ACK.
            establish(cookie, nowNanos);
            return true;
        }
        // §5.2.4 C and everything else.
        association.anomalies.count(SctpAnomaly.UNEXPECTED_CHUNK);
        return false;
    }

    void handleCookieAck(long nowNanos) {
        if (association.state() == SctpState.COOKIE_ECHOED) {
            established(nowNanos);
        }
    }

    /** §5.2.6: our cookie was too old; from the beginning. */
    void handleStaleCookie(long nowNanos) {
        if (association.state() == SctpState.COOKIE_ECHOED) {
            association.end();
            connect(nowNanos);
        }
    }

    private void established(long nowNanos) {
        cookieEcho = null;
        cookieEchoDue = false;
        association.timers.stop(Timers.Kind.T1);
        boolean first = association.state() != SctpState.ESTABLISHED;
        association.enter(SctpState.ESTABLISHED);
        association.heartbeats.schedule(nowNanos);
        if (first) {
            association.tell(association.takeRestarting() ? new SctpEvent.Restarted() : new SctpEvent.Connected());
        }
    }

    private int newTag() {
        int tag = association.random.nextInt();
        // RFC 9260 §5.3.1: any value but zero.
        return tag == 0 ? 1 : tag;
    }
}
