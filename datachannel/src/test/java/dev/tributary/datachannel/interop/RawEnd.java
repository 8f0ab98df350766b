// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.interop;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.datachannel.DataChannel;
import dev.tributary.datachannel.DataChannelEvent;
import dev.tributary.datachannel.DataChannelOptions;
import dev.tributary.datachannel.DataChannels;
import dev.tributary.datachannel.DtlsRole;
import dev.tributary.datachannel.PacketObserver;
import dev.tributary.datachannel.SctpSettings;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.SendOptions;
import dev.tributary.datachannel.SendStatus;
import dev.tributary.testkit.UdpDriver;
import dev.tributary.testkit.channels.ChannelEnd;
import dev.tributary.testkit.channels.ChannelEvent;
import dev.tributary.testkit.channels.ChannelShape;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our data channels straight over UDP, without DTLS: association against association. */
final class RawEnd implements ChannelEnd, DatagramProtocol {
    final DataChannels channels;
    final UdpDriver driver;
    private final InetSocketAddress peer;
    private final int messageBytesMax;
    private final Map<Integer, DataChannel> byId = new HashMap<>();
    private final ArrayDeque<ChannelEvent> events = new ArrayDeque<>();

    RawEnd(UdpDriver driver, InetSocketAddress peer, DtlsRole role, SctpSettings settings, PacketObserver tap) {
        this.driver = driver;
        this.peer = peer;
        this.messageBytesMax = settings.remoteMessageBytesMax();
        this.channels =
                new DataChannels(role, settings.toBuilder().observer(tap).build(), new SecureRandom());
    }

    /** Both sides send INIT. */
    void connect(Duration limit) {
        channels.connect(driver.nowNanos());
        if (!driver.runUntil(this, () -> channels.state() == SctpState.ESTABLISHED, limit)) {
            throw new AssertionError("Not connected within " + limit + "; " + describe());
        }
    }

    @Override
    public int open(String label, ChannelShape shape) {
        SendOptions delivery = new SendOptions(shape.ordered(), shape.maxRetransmits(), shape.maxLifetimeMillis());
        DataChannel channel =
                channels.open(label, "", DataChannelOptions.RELIABLE.withDelivery(delivery), driver.nowNanos());
        byId.put(channel.id(), channel);
        return channel.id();
    }

    @Override
    public boolean send(int channel, boolean isText, byte[] payload) {
        DataChannel target = byId.get(channel);
        SendStatus status = isText
                ? channels.send(target, new String(payload, java.nio.charset.StandardCharsets.UTF_8), driver.nowNanos())
                : channels.send(target, payload, driver.nowNanos());
        if (status != SendStatus.QUEUED && status != SendStatus.BUFFER_FULL) {
            throw new AssertionError(status + " on " + target);
        }
        return status == SendStatus.QUEUED;
    }

    @Override
    public void close(int channel) {
        channels.close(byId.get(channel), driver.nowNanos());
    }

    @Override
    public int messageBytesMax() {
        return messageBytesMax;
    }

    @Override
    public void step(Duration limit) {
        driver.runUntil(this, () -> hasEvents() || limit.isZero(), limit);
    }

    private boolean hasEvents() {
        for (DataChannelEvent event; (event = channels.pollEvent()) != null; ) {
            take(event);
        }
        return !events.isEmpty();
    }

    private void take(DataChannelEvent event) {
        if (event instanceof DataChannelEvent.ChannelOpened opened) {
            DataChannel channel = opened.channel();
            SendOptions delivery = channel.options().delivery();
            byId.put(channel.id(), channel);
            events.add(new ChannelEvent.Opened(
                    channel.id(),
                    channel.label(),
                    new ChannelShape(delivery.ordered(), delivery.maxRetransmits(), delivery.maxLifetimeMillis())));
        } else if (event instanceof DataChannelEvent.Message message) {
            events.add(new ChannelEvent.Message(message.channel().id(), message.isText(), message.payload()));
        } else if (event instanceof DataChannelEvent.ChannelClosed closed) {
            events.add(new ChannelEvent.Closed(closed.channel().id()));
        } else if (event instanceof DataChannelEvent.Closed closed) {
            events.add(new ChannelEvent.Ended(closed.reason().toString()));
        }
    }

    @Override
    public @Nullable ChannelEvent poll() {
        return events.poll();
    }

    @Override
    public String describe() {
        return channels.state() + " " + channels.statistics() + ", lost on purpose " + driver.datagramsLost();
    }

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        channels.handlePacket(datagram, nowNanos);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        channels.handleTimeout(nowNanos);
    }

    @Override
    public boolean pollTransmit(Transmit out) {
        if (!channels.pollTransmit(out.clear().buffer())) {
            return false;
        }
        // The channels have flipped the buffer already, and the slot flips it again.
        out.buffer().position(out.buffer().limit());
        out.buffer().limit(out.buffer().capacity());
        out.ready(peer);
        return true;
    }

    @Override
    public long nextTimeoutNanos() {
        return channels.nextTimeoutNanos();
    }
}
