// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A network in memory with a clock of its own. Protocols are attached by address; the network carries their datagrams,
 * loses, delays, reorders and doubles them as the {@linkplain LinkConditions conditions} of each link say, and fires
 * their timers. Nothing sleeps: ten simulated minutes take as long as the work in them.
 *
 * <pre>{@code
 * var network = SimulatedNetwork.seeded(42).conditions(LinkConditions.CELLULAR);
 * network.attach(address("192.0.2.1", 5000), client);
 * network.attach(address("192.0.2.2", 5000), server);
 * client.connect(network.nowNanos());
 * network.runUntil(server::isConnected, Duration.ofSeconds(5));
 * }</pre>
 *
 * <p>The network always processes the earliest event: a datagram that arrives, an action of {@link #after}, or a timer of
 * a protocol, in this order when they fall on the same nanosecond. After each event, and once at the start of each run,
 * it drains every protocol as {@link DatagramProtocol} asks. The same seed and the same calls give the same run.
 *
 * <p>Not thread-safe: one test owns a network.
 */
public final class SimulatedNetwork {
    /** So many timeouts at one instant are a protocol that never moves its deadline. */
    private static final int TIMEOUTS_AT_ONE_INSTANT_MAX = 1_000;

    /** So many datagrams of one drain are a protocol that never stops to send. */
    private static final int DATAGRAMS_PER_DRAIN_MAX = 1_000_000;

    private final long seed;
    private final SplittableRandom random;
    private final Map<InetSocketAddress, Endpoint> endpoints = new LinkedHashMap<>();
    private final Map<InetAddress, NatBox> nats = new HashMap<>();
    private final Map<Route, Link> links = new HashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Transmit transmit = new Transmit();
    private final Counters counters = new Counters();

    private LinkConditions defaultConditions = LinkConditions.PERFECT;
    private @Nullable DatagramTap tap;
    private long nowNanos;
    private long eventNumber;

    private SimulatedNetwork(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** A network whose every random decision follows from the seed, with {@link LinkConditions#PERFECT} links. */
    public static SimulatedNetwork seeded(long seed) {
        return new SimulatedNetwork(seed);
    }

    /** The seed, for messages of failed tests. */
    public long seed() {
        return seed;
    }

    /** Virtual time in nanoseconds since the network was made. */
    public long nowNanos() {
        return nowNanos;
    }

    /** A source of randomness that follows from the seed, apart from the network's own decisions. */
    public RandomGenerator newRandom() {
        return new SplittableRandom(seed ^ (0x9E3779B97F4A7C15L * ++eventNumber));
    }

    /** Sets the conditions of every link that has none of its own, from now on. */
    public SimulatedNetwork conditions(LinkConditions conditions) {
        defaultConditions = conditions;
        links.values().forEach(link -> link.followDefault(conditions));
        return this;
    }

    /** Sets the conditions of one direction, from now on. Datagrams already on the wire are not touched. */
    public SimulatedNetwork conditions(InetSocketAddress from, InetSocketAddress to, LinkConditions conditions) {
        links.computeIfAbsent(new Route(from, to), route -> new Link(conditions))
                .change(conditions);
        return this;
    }

    /** Shows every datagram that is sent from now on to a tap, which may drop it; {@code null} takes the tap away. */
    public SimulatedNetwork tap(@Nullable DatagramTap newTap) {
        tap = newTap;
        return this;
    }

    /**
     * Attaches a protocol at an address.
     *
     * @throws IllegalArgumentException if something is attached there
     */
    public void attach(InetSocketAddress address, DatagramProtocol protocol) {
        attach(address, protocol, () -> {});
    }

    /**
     * Attaches a protocol at an address, with its owner.
     *
     * @param afterTurn runs after each event that touched the network, before the protocol's datagrams are taken: the
     *     place to poll the protocol's events and to react to them
     * @throws IllegalArgumentException if something is attached there
     */
    public void attach(InetSocketAddress address, DatagramProtocol protocol, Runnable afterTurn) {
        add(new Endpoint(address, null, protocol, afterTurn));
    }

    /**
     * Attaches a protocol in the private network of a NAT. Others of the same network reach it at its own address, the
     * rest of the world as the box allows.
     *
     * @param nat gets the traffic of its public address from now on
     * @throws IllegalArgumentException if something is attached at the address: the private networks of different boxes
     *     use different addresses here
     */
    public void attachBehind(NatBox nat, InetSocketAddress address, DatagramProtocol protocol, Runnable afterTurn) {
        nats.put(nat.outside(), nat);
        add(new Endpoint(address, nat, protocol, afterTurn));
    }

    private void add(Endpoint endpoint) {
        if (endpoints.putIfAbsent(endpoint.address, endpoint) != null) {
            throw new IllegalArgumentException(
                    "Something is attached at " + endpoint.address + " already; detach it first");
        }
    }

    /** Takes away what is attached at an address: datagrams to it are lost. Nothing happens when there is nothing. */
    public void detach(InetSocketAddress address) {
        endpoints.remove(address);
    }

    /**
     * Moves a protocol to another address, as a NAT does that forgets a binding: what it sends from now on comes from the
     * new address, and what others send to the old one is lost, also what is on the wire now. Link conditions of the old
     * address go with it.
     *
     * @throws IllegalArgumentException if nothing is attached at the old address, or something at the new one
     */
    public void rebind(InetSocketAddress oldAddress, InetSocketAddress newAddress) {
        if (endpoints.containsKey(newAddress)) {
            throw new IllegalArgumentException("Something is attached at " + newAddress + " already");
        }
        Endpoint endpoint = endpoints.remove(oldAddress);
        if (endpoint == null) {
            throw new IllegalArgumentException("Nothing is attached at " + oldAddress);
        }
        endpoint.address = newAddress;
        endpoints.put(newAddress, endpoint);
        Map<Route, Link> moved = new HashMap<>();
        links.forEach((route, link) -> moved.put(route.renamed(oldAddress, newAddress), link));
        links.clear();
        links.putAll(moved);
    }

    /** Runs an action once, that much later in virtual time. */
    public void after(Duration delay, Runnable action) {
        events.add(new Event.Action(nowNanos + delay.toNanos(), ++eventNumber, action));
    }

    /** Lets virtual time pass, with everything that happens in it. */
    public void run(Duration duration) {
        long endNanos = nowNanos + duration.toNanos();
        drain();
        while (step(endNanos)) {
            drain();
        }
        nowNanos = endNanos;
    }

    /**
     * Lets virtual time pass until the condition holds. The condition is asked before the first event and after each.
     *
     * @throws AssertionError if it does not hold within the limit; the message names the seed
     */
    public void runUntil(BooleanSupplier condition, Duration limit) {
        long endNanos = nowNanos + limit.toNanos();
        drain();
        while (!condition.getAsBoolean()) {
            if (!step(endNanos)) {
                nowNanos = endNanos;
                throw new AssertionError(
                        "The condition did not hold within " + limit + " of virtual time " + context());
            }
            drain();
        }
    }

    /** What the network has done so far. */
    public NetworkStatistics statistics() {
        return counters.snapshot();
    }

    /** Processes the earliest event that is due by the end. Returns false when there is none. */
    private boolean step(long endNanos) {
        Event event = events.peek();
        Endpoint earliest = null;
        long timerNanos = DatagramProtocol.NEVER;
        for (Endpoint endpoint : endpoints.values()) {
            long deadline = endpoint.protocol.nextTimeoutNanos();
            if (deadline < timerNanos) {
                timerNanos = deadline;
                earliest = endpoint;
            }
        }
        if (event != null && event.atNanos() <= timerNanos && event.atNanos() <= endNanos) {
            events.remove();
            nowNanos = Math.max(nowNanos, event.atNanos());
            process(event);
            return true;
        }
        if (earliest != null && timerNanos <= endNanos) {
            fire(earliest, timerNanos);
            return true;
        }
        return false;
    }

    private void process(Event event) {
        if (event instanceof Event.Action action) {
            action.run.run();
        } else if (event instanceof Event.Arrival arrival) {
            deliver(arrival);
        }
    }

    private void deliver(Event.Arrival arrival) {
        NatBox nat = nats.get(arrival.to.getAddress());
        InetSocketAddress inside = nat == null ? arrival.to : nat.admit(arrival.from, arrival.to.getPort(), nowNanos);
        if (inside == null) {
            counters.filtered++;
            return;
        }
        Endpoint endpoint = endpoints.get(inside);
        if (endpoint == null || endpoint.nat != nat && endpoint.nat != arrival.network) {
            counters.unreachable++;
            return;
        }
        counters.delivered++;
        endpoint.protocol.handleDatagram(ByteBuffer.wrap(arrival.datagram), arrival.from, nowNanos);
    }

    private void fire(Endpoint endpoint, long timerNanos) {
        if (timerNanos > nowNanos) {
            nowNanos = timerNanos;
            endpoints.values().forEach(each -> each.timeoutsAtThisInstant = 0);
        }
        if (++endpoint.timeoutsAtThisInstant > TIMEOUTS_AT_ONE_INSTANT_MAX) {
            throw new AssertionError("The protocol at " + endpoint.address + " wants a timeout at " + timerNanos
                    + " ns again and again and never moves its deadline " + context());
        }
        endpoint.protocol.handleTimeout(nowNanos);
    }

    /** Takes what every protocol has to send. Owners may touch other protocols, so all of them react before any is polled. */
    private void drain() {
        int taken = 0;
        boolean active = true;
        while (active) {
            active = false;
            List<Endpoint> all = new ArrayList<>(endpoints.values());
            all.forEach(endpoint -> endpoint.afterTurn.run());
            for (Endpoint endpoint : all) {
                while (endpoint.protocol.pollTransmit(transmit)) {
                    active = true;
                    send(endpoint);
                    if (++taken > DATAGRAMS_PER_DRAIN_MAX) {
                        throw new AssertionError(
                                "The protocol at " + endpoint.address + " never stops to send " + context());
                    }
                }
            }
        }
    }

    private void send(Endpoint sender) {
        InetSocketAddress to = transmit.destination();
        Endpoint receiver = endpoints.get(to);
        NatBox nat = sender.nat;
        boolean isNeighbour = nat != null && receiver != null && receiver.nat == nat;
        InetSocketAddress from =
                nat == null || isNeighbour ? sender.address : nat.translate(sender.address, to, nowNanos);
        NatBox network = isNeighbour ? nat : null;
        ByteBuffer out = transmit.buffer();
        int size = out.remaining();
        counters.sent++;
        counters.sentBytes += size;
        if (tap != null && !tap.pass(from, to, out.asReadOnlyBuffer())) {
            counters.lost++;
            return;
        }
        Link link = links.computeIfAbsent(new Route(from, to), route -> new Link(defaultConditions));
        LinkConditions conditions = link.conditions();
        if (size > conditions.mtuBytes()) {
            counters.oversize++;
        } else if (random.nextDouble() < conditions.loss()) {
            counters.lost++;
        } else if (!link.hasRoom(size, nowNanos)) {
            counters.queueDrops++;
        } else {
            byte[] datagram = new byte[size];
            out.get(datagram);
            carry(link, from, to, network, datagram);
        }
    }

    private void carry(
            Link link, InetSocketAddress from, InetSocketAddress to, @Nullable NatBox network, byte[] datagram) {
        LinkConditions conditions = link.conditions();
        boolean heldBack = random.nextDouble() < conditions.reordering();
        if (heldBack) {
            counters.reordered++;
        }
        if (datagram.length > 0 && random.nextDouble() < conditions.corruption()) {
            counters.corrupted++;
            datagram[random.nextInt(datagram.length)] ^= (byte) (1 << random.nextInt(8));
        }
        long arrival = link.arrivalNanos(datagram.length, heldBack, nowNanos, random);
        events.add(new Event.Arrival(arrival, ++eventNumber, from, to, network, datagram));
        if (random.nextDouble() < conditions.duplication()) {
            counters.duplicated++;
            long again = arrival
                    + (long) (random.nextDouble() * conditions.reorderingDelay().toNanos());
            events.add(new Event.Arrival(again, ++eventNumber, from, to, network, datagram.clone()));
        }
    }

    private String context() {
        List<InetSocketAddress> addresses = new ArrayList<>(endpoints.keySet());
        return "(now " + Duration.ofNanos(nowNanos) + ", attached " + addresses + ", " + statistics()
                + "); replay with " + Seeds.replayOption(seed);
    }

    private record Route(InetSocketAddress from, InetSocketAddress to) {
        Route renamed(InetSocketAddress oldAddress, InetSocketAddress newAddress) {
            return new Route(from.equals(oldAddress) ? newAddress : from, to.equals(oldAddress) ? newAddress : to);
        }
    }

    private static final class Endpoint {
        private final DatagramProtocol protocol;
        private final Runnable afterTurn;
        private final @Nullable NatBox nat;
        private InetSocketAddress address;
        private int timeoutsAtThisInstant;

        private Endpoint(
                InetSocketAddress address, @Nullable NatBox nat, DatagramProtocol protocol, Runnable afterTurn) {
            this.address = address;
            this.nat = nat;
            this.protocol = protocol;
            this.afterTurn = afterTurn;
        }
    }
}
