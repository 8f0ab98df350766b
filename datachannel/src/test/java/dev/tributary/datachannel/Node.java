// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** One end in a simulated network: data channels straight over datagrams, with what it was told. */
class Node implements DatagramProtocol {
    final DataChannels channels;
    final List<DataChannelEvent> events = new ArrayList<>();
    private final SctpSettings settings;
    private final InetSocketAddress peer;
    private long now;
    boolean polls = true;
    java.util.function.Consumer<DataChannelEvent> onEvent = event -> {};

    Node(DtlsRole role, SctpSettings settings, RandomGenerator random, InetSocketAddress peer) {
        this.channels = new DataChannels(role, settings, random);
        this.settings = settings;
        this.peer = peer;
    }

    static Node of(DtlsRole role, SctpSettings settings, long seed, InetSocketAddress peer) {
        return new Node(role, settings, new SplittableRandom(seed), peer);
    }

    SctpSettings settings() {
        return settings;
    }

    void pollEvents() {
        if (!polls) {
            return;
        }
        for (DataChannelEvent event = channels.pollEvent(); event != null; event = channels.pollEvent()) {
            events.add(event);
            onEvent.accept(event);
        }
    }

    <T extends DataChannelEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<DataChannelEvent.Message> messages() {
        return events(DataChannelEvent.Message.class);
    }

    List<String> texts() {
        return messages().stream().map(DataChannelEvent.Message::text).toList();
    }

    long now() {
        return now;
    }

    @Override
    public String toString() {
        return channels.state() + (polls ? " " : " (not polled) ") + channels.statistics();
    }

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        now = nowNanos;
        channels.handlePacket(datagram, nowNanos);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        now = nowNanos;
        channels.handleTimeout(nowNanos);
    }

    @Override
    public boolean pollTransmit(Transmit out) {
        if (!channels.pollTransmit(out.clear().buffer())) {
            return false;
        }
        // The channels flip the buffer themselves; the slot flips again.
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
