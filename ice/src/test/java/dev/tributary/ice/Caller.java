// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.testkit.NatBox;
import dev.tributary.testkit.SimulatedNetwork;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a call on a simulated network: an agent, and data that it sends where the agent says, at a steady pace. Data
 * stands for media that SRTP has authenticated.
 */
final class Caller implements DatagramProtocol {
    private static final byte[] DATA = new byte[100];

    static {
        DATA[0] = (byte) 0x80;
    }

    final IceAgent agent;
    final SimulatedNetwork network;
    final @Nullable NatBox nat;
    final List<IceEvent> events = new ArrayList<>();
    InetSocketAddress address;
    Consumer<Candidate> onCandidate = candidate -> {};
    long dataEveryNanos = NEVER;
    long dataReceivedAt = -1;
    private long dataDueAt = NEVER;
    private boolean dataDue;

    Caller(SimulatedNetwork network, IceAgent agent, InetSocketAddress address, @Nullable NatBox nat) {
        this.network = network;
        this.agent = agent;
        this.address = address;
        this.nat = nat;
        agent.addLocalCandidate(Candidate.host(address, 65535));
        attach();
    }

    private void attach() {
        if (nat == null) {
            network.attach(address, this, this::drain);
        } else {
            network.attachBehind(nat, address, this, this::drain);
        }
    }

    /** Goes to another address, as a phone does that changes networks. */
    void moveTo(InetSocketAddress next) {
        network.detach(address);
        address = next;
        attach();
    }

    /** Sends data from now on. */
    void talk(Duration pause) {
        dataEveryNanos = pause.toNanos();
        dataDueAt = network.nowNanos() + dataEveryNanos;
    }

    boolean isSilent() {
        return dataEveryNanos == Call.SILENCE.toNanos();
    }

    /** Forgets what was heard so far. */
    void listenAnew() {
        dataReceivedAt = -1;
    }

    boolean hears() {
        return dataReceivedAt >= 0;
    }

    private void drain() {
        for (IceEvent event; (event = agent.pollEvent()) != null; ) {
            events.add(event);
            if (event instanceof IceEvent.CandidateGathered gathered && gathered.isNew()) {
                onCandidate.accept(gathered.candidate());
            }
        }
    }

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        if (Stun.isStun(datagram)) {
            agent.handleDatagram(datagram, source, nowNanos);
        } else {
            dataReceivedAt = nowNanos;
            agent.handleAuthenticatedData(source, nowNanos);
        }
    }

    @Override
    public void handleTimeout(long nowNanos) {
        if (agent.nextTimeoutNanos() <= nowNanos) {
            agent.handleTimeout(nowNanos);
        }
        if (dataDueAt <= nowNanos) {
            dataDue = true;
            dataDueAt = nowNanos + dataEveryNanos;
        }
    }

    @Override
    public boolean pollTransmit(Transmit out) {
        if (agent.pollTransmit(out)) {
            return true;
        }
        InetSocketAddress destination = agent.selectedAddress();
        if (!dataDue || destination == null) {
            dataDue = false;
            return false;
        }
        dataDue = false;
        out.clear().buffer().put(DATA);
        out.ready(destination);
        return true;
    }

    @Override
    public long nextTimeoutNanos() {
        return Math.min(agent.nextTimeoutNanos(), dataDueAt);
    }
}
