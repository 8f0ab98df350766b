// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network address translator in front of a private network, with the behaviours that RFC 4787 names: which outside
 * address an inside one gets, and whose datagrams are let in.
 *
 * <pre>{@code
 * NatBox home = NatBox.portRestricted("203.0.113.1");
 * network.attachBehind(home, address("10.0.0.2", 5000), client, () -> {});
 * }</pre>
 *
 * <p>A box belongs to one network and to its thread.
 */
public final class NatBox {
    /** RFC 4787 §4.1: whether an inside address looks the same to everybody outside. */
    public enum Mapping {
        /** One outside port for an inside address, whoever it talks to. */
        ENDPOINT_INDEPENDENT,
        /** Another outside port for each address and port outside ("symmetric"). */
        ADDRESS_AND_PORT_DEPENDENT
    }

    /** RFC 4787 §5: whose datagrams reach an inside address over its outside port. */
    public enum Filtering {
        /** Everybody's ("full cone"). */
        ENDPOINT_INDEPENDENT,
        /** Those of hosts that the inside address has sent to ("restricted cone"). */
        ADDRESS_DEPENDENT,
        /** Those of addresses and ports that it has sent to ("port-restricted cone"). */
        ADDRESS_AND_PORT_DEPENDENT
    }

    private static final int FIRST_PORT = 20_000;

    private final InetAddress outside;
    private final Mapping mapping;
    private final Filtering filtering;
    private final Map<InetSocketAddress, Map<InetSocketAddress, Binding>> bindings = new HashMap<>();
    private final Map<Integer, Binding> byPort = new HashMap<>();
    private long lifetimeNanos = Long.MAX_VALUE;
    private int nextPort = FIRST_PORT;

    /** What the box remembers of one outside port. */
    private static final class Binding {
        final InetSocketAddress inside;
        final int port;
        final Set<InetSocketAddress> sentTo = new HashSet<>();
        long usedNanos;

        Binding(InetSocketAddress inside, int port) {
            this.inside = inside;
            this.port = port;
        }
    }

    private NatBox(String outside, Mapping mapping, Filtering filtering) {
        try {
            this.outside = InetAddress.getByName(outside);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("The outside of a NAT is an address literal, got " + outside, e);
        }
        this.mapping = mapping;
        this.filtering = filtering;
    }

    /** A box of any behaviour. */
    public static NatBox of(String outside, Mapping mapping, Filtering filtering) {
        return new NatBox(outside, mapping, filtering);
    }

    /** Lets everybody in. */
    public static NatBox fullCone(String outside) {
        return of(outside, Mapping.ENDPOINT_INDEPENDENT, Filtering.ENDPOINT_INDEPENDENT);
    }

    /** Lets hosts in that were sent to. */
    public static NatBox addressRestricted(String outside) {
        return of(outside, Mapping.ENDPOINT_INDEPENDENT, Filtering.ADDRESS_DEPENDENT);
    }

    /** Lets addresses and ports in that were sent to: most home routers. */
    public static NatBox portRestricted(String outside) {
        return of(outside, Mapping.ENDPOINT_INDEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT);
    }

    /** Looks different to everybody: mobile networks and companies. */
    public static NatBox symmetric(String outside) {
        return of(outside, Mapping.ADDRESS_AND_PORT_DEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT);
    }

    /** Forgets bindings that were not used from inside for so long; by default they last (RFC 4787 §4.3: at least two minutes). */
    public NatBox forgetsAfter(Duration lifetime) {
        lifetimeNanos = lifetime.toNanos();
        return this;
    }

    /** Forgets all bindings now, as a router does that restarts: inside addresses look different from now on. */
    public void forget() {
        bindings.clear();
        byPort.clear();
    }

    /** The public address. */
    public InetAddress outside() {
        return outside;
    }

    /** How an inside address looks to a destination; makes or refreshes the binding. */
    InetSocketAddress translate(InetSocketAddress inside, InetSocketAddress destination, long nowNanos) {
        InetSocketAddress key = mapping == Mapping.ENDPOINT_INDEPENDENT ? inside : destination;
        Map<InetSocketAddress, Binding> ofInside = bindings.computeIfAbsent(inside, address -> new HashMap<>());
        Binding binding = ofInside.get(key);
        if (binding == null || isOver(binding, nowNanos)) {
            if (binding != null) {
                byPort.remove(binding.port);
            }
            binding = new Binding(inside, nextPort++);
            ofInside.put(key, binding);
            byPort.put(binding.port, binding);
        }
        binding.usedNanos = nowNanos;
        binding.sentTo.add(destination);
        return new InetSocketAddress(outside, binding.port);
    }

    /** Which inside address a datagram is for; null when it is not let in. */
    @Nullable
    InetSocketAddress admit(InetSocketAddress source, int port, long nowNanos) {
        Binding binding = byPort.get(port);
        if (binding == null || isOver(binding, nowNanos)) {
            return null;
        }
        boolean admitted = switch (filtering) {
            case ENDPOINT_INDEPENDENT -> true;
            case ADDRESS_DEPENDENT ->
                binding.sentTo.stream().anyMatch(known -> known.getAddress().equals(source.getAddress()));
            case ADDRESS_AND_PORT_DEPENDENT -> binding.sentTo.contains(source);
        };
        return admitted ? binding.inside : null;
    }

    private boolean isOver(Binding binding, long nowNanos) {
        return nowNanos - binding.usedNanos >= lifetimeNanos;
    }
}
