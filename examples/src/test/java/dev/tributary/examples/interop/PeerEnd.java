// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.datachannel.DataChannelOptions;
import dev.tributary.datachannel.SctpSettings;
import dev.tributary.datachannel.SendOptions;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerEvent;
import dev.tributary.sfu.PeerSettings;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.DtlsHandshakeExecutor;
import dev.tributary.testkit.UdpDriver;
import dev.tributary.testkit.channels.ChannelEnd;
import dev.tributary.testkit.channels.ChannelEvent;
import dev.tributary.testkit.channels.ChannelShape;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Peer} with data channels over a real socket: ICE, DTLS and SCTP of ours. */
final class PeerEnd implements ChannelEnd, DatagramProtocol, AutoCloseable {
    private final UdpDriver driver;
    private final DtlsHandshakeExecutor handshakes = DtlsHandshakeExecutor.onPlatformThreads(1, 1);
    private final Peer peer;
    private final ArrayDeque<ChannelEvent> events = new ArrayDeque<>();
    private boolean connected;

    PeerEnd(long seed, SctpSettings sctp) {
        driver = UdpDriver.bind(ownAddress(), seed);
        peer = new Peer(
                PeerSettings.of(DtlsCertificate.generate(), handshakes, driver::wakeUp, List.of(driver.address()))
                        .withDataChannels(true)
                        .withSctp(sctp));
    }

    /** An address that stacks gather which leave out the loopback interface. */
    private static String ownAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse("127.0.0.1");
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    // ---- session ----

    /** We offer. */
    void call(FarEnd far, Duration limit) {
        String answer = far.answer(peer.createOffer().write());
        peer.applyAnswer(SessionDescription.parse(answer), driver.nowNanos());
        awaitConnected(limit);
    }

    /** The far end offers. */
    void answer(FarEnd far, boolean asDtlsClient, Duration limit) {
        String offer = far.offer();
        // An offer leaves the choice to us, and we would be the server.
        peer.applyOffer(
                SessionDescription.parse(asDtlsClient ? offer.replace("a=setup:actpass", "a=setup:passive") : offer));
        String answer = peer.answer(driver.nowNanos()).write();
        driver.flush(this);
        far.accept(answer);
        awaitConnected(limit);
    }

    private void awaitConnected(Duration limit) {
        if (!driver.runUntil(
                this,
                () -> {
                    hasEvents();
                    return connected;
                },
                limit)) {
            throw new AssertionError("Not connected within " + limit + ": " + describe());
        }
    }

    void lose(double share) {
        driver.lose(share);
    }

    /** The next event of a kind; those before it are passed over. */
    <T extends ChannelEvent> T awaitEvent(Class<T> kind, Duration limit) {
        long deadline = driver.nowNanos() + limit.toNanos();
        while (driver.nowNanos() < deadline) {
            step(Duration.ofMillis(50));
            for (ChannelEvent event; (event = events.poll()) != null; ) {
                if (kind.isInstance(event)) {
                    return kind.cast(event);
                }
            }
        }
        throw new AssertionError("No " + kind.getSimpleName() + " within " + limit + ": " + describe());
    }

    // ---- channels ----

    @Override
    public int open(String label, ChannelShape shape) {
        SendOptions delivery = new SendOptions(shape.ordered(), shape.maxRetransmits(), shape.maxLifetimeMillis());
        return peer.openChannel(label, "", DataChannelOptions.RELIABLE.withDelivery(delivery), driver.nowNanos());
    }

    @Override
    public boolean send(int channel, boolean isText, byte[] payload) {
        return isText
                ? peer.sendText(channel, new String(payload, StandardCharsets.UTF_8), driver.nowNanos())
                : peer.sendBinary(channel, payload, driver.nowNanos());
    }

    @Override
    public void close(int channel) {
        peer.closeChannel(channel, driver.nowNanos());
    }

    @Override
    public int messageBytesMax() {
        long said = peer.negotiation().session().dataChannel().remoteMaxMessageSizeBytes();
        return said == 0 ? Integer.MAX_VALUE : (int) Math.min(said, Integer.MAX_VALUE);
    }

    @Override
    public void step(Duration limit) {
        driver.runUntil(this, () -> hasEvents() || limit.isZero(), limit);
    }

    @Override
    public @Nullable ChannelEvent poll() {
        return events.poll();
    }

    @Override
    public String describe() {
        return peer.diagnosis() + ", lost on purpose " + driver.datagramsLost();
    }

    private boolean hasEvents() {
        for (PeerEvent event; (event = peer.pollEvent()) != null; ) {
            take(event);
        }
        return !events.isEmpty();
    }

    private void take(PeerEvent event) {
        if (event instanceof PeerEvent.Connected) {
            connected = true;
        } else if (event instanceof PeerEvent.ChannelOpened opened) {
            SendOptions delivery = opened.options().delivery();
            events.add(new ChannelEvent.Opened(
                    opened.channel(),
                    opened.label(),
                    new ChannelShape(delivery.ordered(), delivery.maxRetransmits(), delivery.maxLifetimeMillis())));
        } else if (event instanceof PeerEvent.ChannelMessage message) {
            events.add(new ChannelEvent.Message(message.channel(), message.isText(), message.payload()));
        } else if (event instanceof PeerEvent.ChannelClosed closed) {
            events.add(new ChannelEvent.Closed(closed.channel()));
        } else if (event instanceof PeerEvent.Closed closed) {
            events.add(new ChannelEvent.Ended(closed.detail()));
        }
    }

    // ---- driving ----

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        peer.handleDatagram(datagram, source, nowNanos);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        peer.handleTimeout(nowNanos);
    }

    @Override
    public boolean pollTransmit(Transmit out) {
        peer.wakeUp(driver.nowNanos());
        return peer.pollTransmit(out);
    }

    @Override
    public long nextTimeoutNanos() {
        return peer.nextTimeoutNanos();
    }

    @Override
    public void close() {
        peer.close();
        driver.flush(this);
        driver.close();
        handshakes.close();
    }
}
