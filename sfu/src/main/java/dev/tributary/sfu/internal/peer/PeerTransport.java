// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.peer;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.datachannel.DataChannelEvent;
import dev.tributary.datachannel.DataChannels;
import dev.tributary.ice.Candidate;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.Stun;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.DtlsCloseReason;
import dev.tributary.srtp.DtlsEvent;
import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.DtlsTransport;
import dev.tributary.srtp.Fingerprint;
import dev.tributary.srtp.SrtpSession;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What hangs on one ICE session, put together: DTLS, and on it SRTP and data channels. Datagrams are told apart by their
 * first byte (RFC 7983). Knows no session description.
 *
 * <pre>
 *   STUN ──▶ ICE      DTLS ──▶ handshake ──▶ keys of SRTP
 *                            └▶ records ──▶ SCTP ──▶ data channels
 *   RTP, RTCP ──▶ SRTP ──▶ {@link MediaReceiver}
 * </pre>
 *
 * <p>Not thread-safe: owned by one loop. The handshake runs on an executor behind {@link DtlsTransport}.
 */
public final class PeerTransport implements DatagramProtocol {
    /** Sources of the peer that are told to the owner; those of a browser with simulcast, and more. */
    static final int SOURCES_MAX = 16;

    private final IceAgent ice;
    private final DtlsCertificate certificate;
    private final Executor handshakes;
    private final Runnable wakeup;
    private final MediaReceiver media;
    private final ArrayDeque<TransportEvent> events = new ArrayDeque<>();
    private final int[] sources = new int[SOURCES_MAX];
    private int sourceCount;
    private final ByteBuffer packet = ByteBuffer.allocate(Transmit.CAPACITY_BYTES);
    private @Nullable DtlsTransport dtls;
    private @Nullable DataChannels channels;
    private @Nullable SrtpSession srtp;
    private @Nullable EarlyMedia early = new EarlyMedia();
    private boolean connected;
    private boolean closed;
    private long droppedCount;

    /** What happens to a transport. */
    public sealed interface TransportEvent {
        /** Media can flow. */
        record Connected() implements TransportEvent {}

        /** Something about data channels. */
        record Channel(DataChannelEvent event) implements TransportEvent {}

        /** The peer sends under an SSRC that was not heard before, and it was authenticated. */
        record SourceHeard(int ssrc) implements TransportEvent {}

        /** A local user name fragment is used no more, after an ICE restart. */
        record UfragRetired(String ufrag) implements TransportEvent {}

        /** Our agent has found an address of ours. */
        record CandidateGathered(Candidate candidate) implements TransportEvent {}

        /** It will find no more. */
        record GatheringEnded() implements TransportEvent {}

        /** It is over. */
        record Closed(boolean byPeer, String detail) implements TransportEvent {}
    }

    /**
     * A transport that has its ICE agent, and gets the rest with {@link #start}.
     *
     * @param ice the agent, lite or full
     * @param certificate ours, whose fingerprint the description carries
     * @param handshakes where a DTLS handshake may block
     * @param wakeup called from a handshake's thread when {@link #pump} has something to do
     * @param media where decrypted packets go
     */
    public PeerTransport(
            IceAgent ice, DtlsCertificate certificate, Executor handshakes, Runnable wakeup, MediaReceiver media) {
        this.ice = ice;
        this.certificate = certificate;
        this.handshakes = handshakes;
        this.wakeup = wakeup;
        this.media = media;
    }

    /**
     * Begins, once the descriptions are exchanged. Ignored after the first time: roles and certificates of a session stay.
     *
     * @param role our side of the DTLS handshake
     * @param fingerprints the certificates that the peer may show
     * @param association the data channels, or null when none were negotiated
     */
    public void start(
            DtlsRole role, List<Fingerprint> fingerprints, @Nullable DataChannels association, long nowNanos) {
        if (dtls != null || closed) {
            return;
        }
        channels = association;
        dtls = DtlsTransport.builder(role, certificate, handshakes, wakeup)
                .remoteFingerprints(fingerprints)
                .build();
        if (ice.selectedAddress() != null) {
            dtls.start(nowNanos);
        }
    }

    /** The ICE agent. */
    public IceAgent ice() {
        return ice;
    }

    /** The data channels, or null when there are none. */
    public @Nullable DataChannels channels() {
        return channels;
    }

    /** The media keys, or null before the handshake is done. */
    public @Nullable SrtpSession srtp() {
        return srtp;
    }

    /** Whether media can flow. */
    public boolean isConnected() {
        return connected && !closed;
    }

    /** Media packets that could not be authenticated, or of which too many came before the keys. */
    public long droppedCount() {
        return droppedCount;
    }

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        if (closed || !datagram.hasRemaining()) {
            return;
        }
        byte[] bytes = datagram.array();
        int offset = datagram.arrayOffset() + datagram.position();
        int length = datagram.remaining();
        if (RtpPacket.isRtpOrRtcp(bytes, offset, length)) {
            if (srtp != null) {
                handleMedia(bytes, offset, length, source, nowNanos);
            } else if (dtls == null
                    || early == null
                    || !ice.isValidated(source)
                    || !early.keep(bytes, offset, length, source)) {
                droppedCount++;
            }
        } else if (Stun.isStun(datagram)) {
            ice.handleDatagram(datagram, source, nowNanos);
            pump(nowNanos);
        } else if (isDtls(bytes[offset]) && dtls != null && ice.isValidated(source)) {
            dtls.handleDatagram(datagram, nowNanos);
            pump(nowNanos);
        }
    }

    // RFC 7983 §7: 20 to 63.
    private static boolean isDtls(byte first) {
        return first >= 20 && first <= 63;
    }

    private void handleMedia(byte[] bytes, int offset, int length, InetSocketAddress source, long nowNanos) {
        SrtpSession keys = srtp;
        if (keys == null) {
            droppedCount++;
            return;
        }
        boolean isRtcp = RtpPacket.isRtcp(bytes, offset);
        int clear = isRtcp ? keys.unprotectRtcp(bytes, offset, length) : keys.unprotect(bytes, offset, length);
        if (clear <= 0) {
            droppedCount++;
            return;
        }
        ice.handleAuthenticatedData(source, nowNanos);
        hear(RtpPacket.senderSsrc(bytes, offset, length));
        if (isRtcp) {
            media.rtcp(bytes, offset, clear, nowNanos);
        } else {
            media.rtp(bytes, offset, clear, nowNanos);
        }
    }

    private void hear(int ssrc) {
        for (int i = 0; i < sourceCount; i++) {
            if (sources[i] == ssrc) {
                return;
            }
        }
        if (sourceCount < SOURCES_MAX) {
            sources[sourceCount++] = ssrc;
            events.add(new TransportEvent.SourceHeard(ssrc));
        }
    }

    @Override
    public void handleTimeout(long nowNanos) {
        if (closed) {
            return;
        }
        if (ice.nextTimeoutNanos() <= nowNanos) {
            ice.handleTimeout(nowNanos);
        }
        if (dtls != null && dtls.nextTimeoutNanos() <= nowNanos) {
            dtls.handleTimeout(nowNanos);
        }
        if (channels != null && channels.nextTimeoutNanos() <= nowNanos) {
            channels.handleTimeout(nowNanos);
        }
        pump(nowNanos);
    }

    /** Moves what the parts have for each other. Call after using {@link #channels}, and when the handshake woke us. */
    public void pump(long nowNanos) {
        for (IceEvent event; (event = ice.pollEvent()) != null; ) {
            handle(event, nowNanos);
        }
        if (dtls == null || closed) {
            return;
        }
        for (DtlsEvent event; (event = dtls.pollEvent()) != null; ) {
            handle(event, nowNanos);
        }
        if (channels == null) {
            return;
        }
        for (ByteBuffer received; (received = dtls.pollRecord()) != null; ) {
            channels.handlePacket(received, nowNanos);
        }
        for (DataChannelEvent event; (event = channels.pollEvent()) != null; ) {
            events.add(new TransportEvent.Channel(event));
        }
        while (connected && channels.pollTransmit(packet)) {
            // A packet that DTLS does not take is lost like one on the wire: SCTP sends it again.
            boolean unused = dtls.send(packet);
        }
    }

    private void handle(IceEvent event, long nowNanos) {
        if (event instanceof IceEvent.PathSelected && dtls != null) {
            dtls.start(nowNanos);
        } else if (event instanceof IceEvent.UfragRetired retired) {
            events.add(new TransportEvent.UfragRetired(retired.ufrag()));
        } else if (event instanceof IceEvent.CandidateGathered gathered && gathered.isNew()) {
            events.add(new TransportEvent.CandidateGathered(gathered.candidate()));
        } else if (event instanceof IceEvent.GatheringEnded) {
            events.add(new TransportEvent.GatheringEnded());
        } else if (event instanceof IceEvent.Failed failed) {
            end(false, failed.diagnosis().summary());
        }
    }

    private void handle(DtlsEvent event, long nowNanos) {
        if (event instanceof DtlsEvent.Connected up && dtls != null) {
            if (up.keyingMaterial() != null) {
                srtp = SrtpSession.of(up.keyingMaterial(), dtls.role());
                up.keyingMaterial().close();
            }
            connected = true;
            events.add(new TransportEvent.Connected());
            takeEarlyMedia(nowNanos);
            if (channels != null) {
                channels.connect(nowNanos);
            }
        } else if (event instanceof DtlsEvent.Closed down) {
            end(down.reason() == DtlsCloseReason.CLOSED_BY_PEER, down.detail());
        }
    }

    private void takeEarlyMedia(long nowNanos) {
        EarlyMedia kept = early;
        early = null;
        for (EarlyMedia.Packet packet; kept != null && (packet = kept.poll()) != null; ) {
            handleMedia(packet.bytes(), 0, packet.bytes().length, packet.source(), nowNanos);
        }
    }

    private void end(boolean byPeer, String detail) {
        if (!closed) {
            closed = true;
            events.add(new TransportEvent.Closed(byPeer, detail));
        }
    }

    /** The next event, or null. */
    public @Nullable TransportEvent pollEvent() {
        return events.poll();
    }

    @Override
    public boolean pollTransmit(Transmit out) {
        if (ice.pollTransmit(out)) {
            return true;
        }
        InetSocketAddress destination = ice.selectedAddress();
        if (destination == null) {
            return false;
        }
        out.clear();
        if (dtls != null && dtls.pollTransmit(out.buffer())) {
            out.ready(destination);
            return true;
        }
        return false;
    }

    @Override
    public long nextTimeoutNanos() {
        if (closed) {
            return NEVER;
        }
        long next = ice.nextTimeoutNanos();
        next = dtls == null ? next : Math.min(next, dtls.nextTimeoutNanos());
        return channels == null ? next : Math.min(next, channels.nextTimeoutNanos());
    }

    /** Says goodbye and ends: consent checks are answered no more. What is left to send is still polled. Idempotent. */
    public void close() {
        closed = true;
        if (dtls != null) {
            dtls.close();
        }
        if (srtp != null) {
            srtp.close();
            srtp = null;
        }
    }
}
