// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.datachannel.DataChannel;
import dev.tributary.datachannel.DataChannelEvent;
import dev.tributary.datachannel.DataChannelOptions;
import dev.tributary.datachannel.DataChannels;
import dev.tributary.datachannel.SendStatus;
import dev.tributary.ice.Candidate;
import dev.tributary.ice.Diagnosis;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceRole;
import dev.tributary.sdp.CertificateFingerprint;
import dev.tributary.sdp.NegotiatedDataChannel;
import dev.tributary.sdp.NegotiatedSession;
import dev.tributary.sdp.Negotiation;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sdp.Setup;
import dev.tributary.sdp.TransportDescription;
import dev.tributary.sfu.internal.peer.PeerTransport;
import dev.tributary.sfu.internal.peer.PeerTransport.TransportEvent;
import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.Fingerprint;
import dev.tributary.srtp.SrtpSession;
import dev.tributary.srtp.SrtpStats;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One end of a WebRTC session in pure Java, without sockets, threads or clocks of its own: offer and answer, ICE, DTLS,
 * SRTP and data channels put together. The same class serves browsers, OBS, pipes between servers, bots and tests, as
 * offerer and as answerer, as ICE-lite server and as client.
 *
 * <p>Driven as {@link DatagramProtocol} says. Exchange descriptions first ({@link #answer}, or {@link #createOffer} and
 * {@link #applyAnswer}), then feed datagrams. Media comes out at the receiver that the builder was given; media goes in by
 * {@link #sendRtp} and {@link #sendRtcp} once {@link #isConnected}.
 *
 * <p>Not thread-safe: owned by one event loop. The DTLS handshake alone runs on the executor of the {@link PeerSettings},
 * and calls its wake-up when {@link #wakeUp} has something to do. After {@link #close} every call does nothing; what is
 * left to send is still polled.
 */
public final class Peer implements DatagramProtocol, AutoCloseable {
    /** Media packets that wait for {@link #pollTransmit} when no outlet was given; one more is dropped. */
    public static final int OUTBOX_PACKETS_MAX = 1024;

    /** Sections of a session: picture and sound of 31 people, and the data channel. What is more stays listed, unseen. */
    public static final int SLOTS_MAX = 64;

    private static final int PACKET_BYTES_MAX = 1500;
    private static final int PROTECTION_BYTES = 64;

    private final PeerSettings settings;
    private final Negotiation negotiation;
    private final IceAgent ice;
    private final PeerTransport transport;
    private final Map<Integer, DataChannel> channels = new HashMap<>();
    private final ArrayDeque<byte[]> outbox = new ArrayDeque<>();
    private final byte[] scratch = new byte[PACKET_BYTES_MAX + PROTECTION_BYTES];
    private TransportDescription localTransport;
    private long packetsSent;
    private long bytesSent;

    /** Makes a peer; nothing is sent before descriptions are exchanged. */
    public Peer(PeerSettings settings) {
        this(settings, agent(settings));
    }

    /**
     * Makes a peer with an ICE agent of one's own, such as {@link dev.tributary.ice.GatheringAgent} makes. Its wake-up has to
     * lead to {@link #wakeUp}, and what its inlet gets to {@link #handleDatagram}.
     *
     * @param agent full unless the settings say lite
     */
    public Peer(PeerSettings settings, IceAgent agent) {
        this.settings = settings;
        this.ice = agent;
        int preference = 65_535;
        for (InetSocketAddress address : settings.addresses()) {
            ice.addLocalCandidate(Candidate.host(address, preference--));
        }
        int streamPreference = 8_191;
        for (InetSocketAddress address : settings.streamAddresses()) {
            ice.addLocalCandidate(Candidate.tcpPassive(address, streamPreference--));
        }
        this.localTransport = describe(ice.localCredentials());
        this.negotiation = Negotiation.builder(
                        settings.capabilities(),
                        localTransport,
                        settings.random().nextLong(1L << 62))
                .wantedRole(Setup.PASSIVE)
                .offerDataChannel(settings.offersDataChannel())
                .slotsMax(SLOTS_MAX)
                .build();
        this.transport = new PeerTransport(
                ice, settings.certificate(), settings.handshakes(), settings.wakeup(), settings.media());
    }

    private static IceAgent agent(PeerSettings settings) {
        IceAgent.Builder agent = IceAgent.builder(IceCredentials.generate(settings.random()))
                .policy(settings.candidates())
                .random(settings.random());
        return settings.iceLite() ? agent.lite() : agent.full(IceRole.CONTROLLING);
    }

    private TransportDescription describe(IceCredentials credentials) {
        Fingerprint fingerprint = settings.certificate().fingerprint();
        return TransportDescription.of(
                        credentials.ufrag(),
                        credentials.pwd(),
                        new CertificateFingerprint(fingerprint.algorithm(), fingerprint.value()))
                .withIceLite(settings.iceLite())
                .withCandidates(
                        ice.localCandidates().stream().map(Candidate::format).toList(), true);
    }

    // ---- descriptions ----

    /** The descriptions: state wishes on its transceivers; the exchange itself goes through this peer. */
    public Negotiation negotiation() {
        return negotiation;
    }

    /** Writes an offer of what is wanted. */
    public SessionDescription createOffer() {
        return negotiation.createOffer();
    }

    /**
     * Takes the answer to our offer.
     *
     * @throws dev.tributary.sdp.SdpException if it does not fit; the offer stays open
     */
    public NegotiatedSession applyAnswer(SessionDescription answer, long nowNanos) {
        NegotiatedSession session = negotiation.applyAnswer(answer);
        begin(session, nowNanos);
        return session;
    }

    /**
     * Takes an offer; state wishes on the transceivers of its sections, then call {@link #answer}.
     *
     * @throws dev.tributary.sdp.SdpException if it cannot be answered; nothing has changed then
     */
    public void applyOffer(SessionDescription offer) {
        negotiation.applyOffer(offer);
    }

    /** Writes the answer to the offer that was applied. What was agreed stands in {@code negotiation().session()}. */
    public SessionDescription answer(long nowNanos) {
        boolean isFirst = negotiation.session() == null;
        SessionDescription answer = negotiation.createAnswer();
        NegotiatedSession session = negotiation.session();
        if (isFirst) {
            ice.takeRole(IceRole.CONTROLLED, nowNanos);
        }
        if (session != null) {
            begin(session, nowNanos);
        }
        return answer;
    }

    private void begin(NegotiatedSession session, long nowNanos) {
        TransportDescription remote = session.remoteTransport();
        if (remote.iceLite() && !settings.iceLite()) {
            ice.setRemoteLite(nowNanos);
        }
        connectTo(remote, nowNanos);
        NegotiatedDataChannel channel = session.dataChannel();
        DtlsRole role = session.dtlsRole() == Setup.ACTIVE ? DtlsRole.CLIENT : DtlsRole.SERVER;
        List<Fingerprint> fingerprints = remote.fingerprints().stream()
                .map(fingerprint -> new Fingerprint(fingerprint.algorithm(), fingerprint.value()))
                .toList();
        DataChannels association = null;
        if (channel != null && transport.channels() == null) {
            association = new DataChannels(
                    role == DtlsRole.CLIENT
                            ? dev.tributary.datachannel.DtlsRole.CLIENT
                            : dev.tributary.datachannel.DtlsRole.SERVER,
                    settings.sctp().toBuilder()
                            .ports(channel.localPort(), channel.remotePort())
                            .remoteMessageBytesMax(
                                    (int) Math.min(channel.remoteMaxMessageSizeBytes(), Integer.MAX_VALUE))
                            .build(),
                    settings.random());
        }
        transport.start(role, fingerprints, association, nowNanos);
        transport.pump(nowNanos);
    }

    private void connectTo(TransportDescription remote, long nowNanos) {
        if (remote.ufrag() == null || remote.password() == null) {
            return;
        }
        ice.setRemoteCredentials(new IceCredentials(remote.ufrag(), remote.password()), nowNanos);
        addCandidates(remote.candidates(), nowNanos);
    }

    private void addCandidates(List<String> values, long nowNanos) {
        for (String value : values) {
            Candidate candidate = Candidate.parse(value);
            if (candidate != null) {
                ice.addRemoteCandidate(candidate, nowNanos);
            }
        }
    }

    /** Takes candidates that came after the descriptions (RFC 8840). Those of no use are ignored. */
    public void trickle(SdpFragment fragment, long nowNanos) {
        addCandidates(fragment.candidates(), nowNanos);
    }

    /**
     * Takes part in an ICE restart that the other end asks for (RFC 9725 §4.3.3). The path in use stays in use until a
     * new one is found.
     *
     * @return our new credentials and candidates
     */
    public SdpFragment restart(SdpFragment fragment, long nowNanos) {
        if (fragment.ufrag() == null || fragment.password() == null) {
            throw new IllegalArgumentException("A restart brings ice-ufrag and ice-pwd");
        }
        IceCredentials theirs = new IceCredentials(fragment.ufrag(), fragment.password());
        ice.restart(IceCredentials.generate(settings.random()), nowNanos);
        ice.setRemoteCredentials(theirs, nowNanos);
        addCandidates(fragment.candidates(), nowNanos);
        localTransport = describe(ice.localCredentials());
        negotiation.updateTransport(localTransport);
        return SdpFragment.of(localTransport, firstMid());
    }

    private String firstMid() {
        NegotiatedSession session = negotiation.session();
        return session == null || session.media().isEmpty()
                ? "0"
                : session.media().get(0).mid();
    }

    /** The local user name fragments by which checks for this peer are known. */
    public List<String> localUfrags() {
        return ice.localUfrags();
    }

    /** Whether datagrams from an address may be this peer's. */
    public boolean isPath(InetSocketAddress address) {
        return ice.isValidated(address) || address.equals(ice.selectedAddress()) || ice.awaits(address);
    }

    // ---- media ----

    /** Whether media can flow. */
    public boolean isConnected() {
        return transport.isConnected();
    }

    /** Why the session is connected or not. */
    public Diagnosis diagnosis() {
        return ice.diagnosis();
    }

    /**
     * Protects and sends an RTP packet. The bytes are read before the call returns and are left as they are.
     *
     * @return {@code false} when it was not sent: not connected, too long, or too many wait
     */
    public boolean sendRtp(byte[] bytes, int offset, int length) {
        SrtpSession keys = transport.srtp();
        if (keys == null || length > PACKET_BYTES_MAX) {
            return false;
        }
        return dispatch(keys.protect(bytes, offset, length, scratch, 0));
    }

    /** Protects and sends a compound RTCP packet, as {@link #sendRtp}. */
    public boolean sendRtcp(byte[] bytes, int offset, int length) {
        SrtpSession keys = transport.srtp();
        if (keys == null || length > PACKET_BYTES_MAX) {
            return false;
        }
        return dispatch(keys.protectRtcp(bytes, offset, length, scratch, 0));
    }

    private boolean dispatch(int length) {
        InetSocketAddress destination = ice.selectedAddress();
        if (length <= 0 || destination == null) {
            return false;
        }
        if (settings.outlet() != null) {
            settings.outlet().send(scratch, 0, length, destination);
        } else if (outbox.size() < OUTBOX_PACKETS_MAX) {
            outbox.add(Arrays.copyOf(scratch, length));
        } else {
            return false;
        }
        packetsSent++;
        bytesSent += length;
        return true;
    }

    /** Lets go of what SRTP keeps for a source that sends no more. */
    public void forgetSource(int ssrc) {
        SrtpSession keys = transport.srtp();
        if (keys != null) {
            keys.removeOutbound(ssrc);
        }
    }

    /** What SRTP has done and refused so far; null before the keys are there. */
    public @Nullable SrtpStats srtpStats() {
        SrtpSession keys = transport.srtp();
        return keys == null ? null : keys.stats();
    }

    /** Media packets sent so far. */
    public long packetsSent() {
        return packetsSent;
    }

    /** Bytes of them, protection included. */
    public long bytesSent() {
        return bytesSent;
    }

    // ---- data channels ----

    /**
     * Opens a data channel, ordered and reliable.
     *
     * @return its id once the peer is connected, which {@link PeerEvent.ChannelOpened} repeats; −1 when no data channels
     *     were negotiated
     */
    public int openChannel(String label, String protocol, long nowNanos) {
        return openChannel(label, protocol, DataChannelOptions.RELIABLE, nowNanos);
    }

    /**
     * Opens a data channel.
     *
     * @param options order, reliability, priority, and the id when both ends know it beforehand
     * @return its id; −1 when no data channels were negotiated
     */
    public int openChannel(String label, String protocol, DataChannelOptions options, long nowNanos) {
        DataChannels association = transport.channels();
        if (association == null) {
            return -1;
        }
        DataChannel channel = association.open(label, protocol, options, nowNanos);
        transport.pump(nowNanos);
        if (channel == null) {
            return -1;
        }
        channels.put(channel.id(), channel);
        return channel.id();
    }

    /**
     * Sends text on a data channel.
     *
     * @return {@code false} when the channel is not open, or too much waits on it already
     */
    public boolean sendText(int channel, String text, long nowNanos) {
        DataChannels association = transport.channels();
        DataChannel target = channels.get(channel);
        if (association == null || target == null) {
            return false;
        }
        boolean sent = association.send(target, text, nowNanos) == SendStatus.QUEUED;
        transport.pump(nowNanos);
        return sent;
    }

    /**
     * Sends bytes on a data channel.
     *
     * @param bytes the channel's own from now on
     * @return {@code false} when the channel is not open, or too much waits on it already
     */
    public boolean sendBinary(int channel, byte[] bytes, long nowNanos) {
        DataChannels association = transport.channels();
        DataChannel target = channels.get(channel);
        if (association == null || target == null) {
            return false;
        }
        boolean sent = association.send(target, bytes, nowNanos) == SendStatus.QUEUED;
        transport.pump(nowNanos);
        return sent;
    }

    /** Bytes that wait on a data channel and were never sent; 0 when there is no such channel. */
    public long bufferedAmountBytes(int channel) {
        DataChannels association = transport.channels();
        DataChannel target = channels.get(channel);
        return association == null || target == null ? 0 : association.bufferedAmountBytes(target);
    }

    /** Sets the amount at which {@link PeerEvent.ChannelDrained} is told, when it is reached from above. */
    public void bufferedAmountLowThreshold(int channel, long bytes) {
        DataChannels association = transport.channels();
        DataChannel target = channels.get(channel);
        if (association != null && target != null) {
            association.bufferedAmountLowThreshold(target, bytes);
        }
    }

    /** Closes a data channel; what waits on it is still sent. */
    public void closeChannel(int channel, long nowNanos) {
        DataChannels association = transport.channels();
        DataChannel target = channels.get(channel);
        if (association != null && target != null) {
            association.close(target, nowNanos);
            transport.pump(nowNanos);
        }
    }

    // ---- driving ----

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        transport.handleDatagram(datagram, source, nowNanos);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        transport.handleTimeout(nowNanos);
    }

    /** Takes up what a handshake has done on its thread; call on the owner's loop after the wake-up. */
    public void wakeUp(long nowNanos) {
        transport.pump(nowNanos);
    }

    /** The next event, or null. */
    public @Nullable PeerEvent pollEvent() {
        for (TransportEvent event; (event = transport.pollEvent()) != null; ) {
            PeerEvent told = translate(event);
            if (told != null) {
                return told;
            }
        }
        return null;
    }

    private @Nullable PeerEvent translate(TransportEvent event) {
        if (event instanceof TransportEvent.Connected) {
            return new PeerEvent.Connected();
        }
        if (event instanceof TransportEvent.Closed closed) {
            return new PeerEvent.Closed(closed.byPeer(), closed.detail());
        }
        if (event instanceof TransportEvent.UfragRetired retired) {
            return new PeerEvent.UfragRetired(retired.ufrag());
        }
        if (event instanceof TransportEvent.SourceHeard heard) {
            return new PeerEvent.SourceHeard(heard.ssrc());
        }
        if (event instanceof TransportEvent.CandidateGathered gathered) {
            return new PeerEvent.CandidateGathered(gathered.candidate().format());
        }
        if (event instanceof TransportEvent.GatheringEnded) {
            return new PeerEvent.GatheringEnded();
        }
        return event instanceof TransportEvent.Channel channel ? translate(channel.event()) : null;
    }

    private @Nullable PeerEvent translate(DataChannelEvent event) {
        if (event instanceof DataChannelEvent.ChannelOpened opened) {
            DataChannel channel = opened.channel();
            channels.put(channel.id(), channel);
            return new PeerEvent.ChannelOpened(
                    channel.id(), channel.label(), channel.protocol(), channel.isRemote(), channel.options());
        }
        if (event instanceof DataChannelEvent.Message message) {
            return new PeerEvent.ChannelMessage(message.channel().id(), message.isText(), message.payload());
        }
        if (event instanceof DataChannelEvent.BufferedAmountLow low) {
            return new PeerEvent.ChannelDrained(low.channel().id());
        }
        if (event instanceof DataChannelEvent.ChannelClosed closed) {
            channels.remove(closed.channel().id());
            return new PeerEvent.ChannelClosed(closed.channel().id());
        }
        return null;
    }

    @Override
    public boolean pollTransmit(Transmit out) {
        if (transport.pollTransmit(out)) {
            return true;
        }
        InetSocketAddress destination = ice.selectedAddress();
        byte[] packet = destination == null ? null : outbox.poll();
        if (packet == null || destination == null) {
            return false;
        }
        out.clear().buffer().put(packet);
        out.ready(destination);
        return true;
    }

    @Override
    public long nextTimeoutNanos() {
        return transport.nextTimeoutNanos();
    }

    @Override
    public void close() {
        transport.close();
        channels.clear();
    }
}
