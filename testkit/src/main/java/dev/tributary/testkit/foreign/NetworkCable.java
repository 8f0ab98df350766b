// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A pair of virtual Ethernet interfaces with an IPv4 and an IPv6 address at each end. The near end belongs to the namespace
 * that the cable was laid from. Addresses are taken from 198.18.0.0/15 (RFC 2544) and fd00::/8 by chance.
 */
public final class NetworkCable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int SUBNETS = 1 << 15;
    private static final Random RANDOM =
            new Random(System.nanoTime() ^ ProcessHandle.current().pid());

    private final NetworkNamespace near;
    private final @Nullable NetworkNamespace far;
    private final int subnet;
    private final String nearInterface;
    private final String farInterface;

    private NetworkCable(NetworkNamespace near, @Nullable NetworkNamespace far) {
        this.near = near;
        this.far = far;
        this.subnet = RANDOM.nextInt(SUBNETS);
        // An interface's name has at most 15 characters.
        String base = "t" + Long.toString(ProcessHandle.current().pid(), 36) + "x" + COUNT.incrementAndGet();
        this.nearInterface = base + "n";
        this.farInterface = base + "f";
    }

    static NetworkCable lay(NetworkNamespace near, @Nullable NetworkNamespace far) {
        NetworkCable cable = new NetworkCable(near, far);
        NetworkNamespace.run(
                List.of("ip", "link", "add", cable.nearInterface, "type", "veth", "peer", "name", cable.farInterface));
        NetworkNamespace.run(List.of("ip", "link", "set", cable.nearInterface, "netns", near.name()));
        near.add(cable.nearInterface);
        if (far != null) {
            NetworkNamespace.run(List.of("ip", "link", "set", cable.farInterface, "netns", far.name()));
        }
        cable.nearIp("addr add " + cable.nearAddress() + "/30 dev " + cable.nearInterface);
        cable.farIp("addr add " + cable.farAddress() + "/30 dev " + cable.farInterface);
        // Usable at once: nobody else can have these addresses, so nobody is asked (RFC 4862 §5.4).
        cable.nearIp("addr add " + cable.nearAddress6() + "/64 dev " + cable.nearInterface + " nodad");
        cable.farIp("addr add " + cable.farAddress6() + "/64 dev " + cable.farInterface + " nodad");
        cable.nearIp("link set " + cable.nearInterface + " up");
        cable.farIp("link set " + cable.farInterface + " up");
        return cable;
    }

    /** The interface in the namespace that the cable was laid from. */
    public String nearInterface() {
        return nearInterface;
    }

    /** The interface at the other end. */
    public String farInterface() {
        return farInterface;
    }

    /** The IPv4 address of the near end. */
    public String nearAddress() {
        return address(2);
    }

    /** The IPv4 address of the far end. */
    public String farAddress() {
        return address(1);
    }

    /** The IPv6 address of the near end. */
    public String nearAddress6() {
        return address6(2);
    }

    /** The IPv6 address of the far end. */
    public String farAddress6() {
        return address6(1);
    }

    /** Takes the IPv4 addresses away from both ends. */
    public void removeIpv4() {
        nearIp("addr del " + nearAddress() + "/30 dev " + nearInterface);
        farIp("addr del " + farAddress() + "/30 dev " + farInterface);
    }

    /** Pulls the near end out: its interface goes down. */
    public void unplug() {
        nearIp("link set " + nearInterface + " down");
    }

    /** From the near end, everything that is not on a cable goes to the far end; the lowest metric wins. */
    public void routeEverything(int metric) {
        nearIp("route add default via " + farAddress() + " dev " + nearInterface + " metric " + metric);
        nearIp("-6 route add default via " + farAddress6() + " dev " + nearInterface + " metric " + metric);
    }

    private String address(int host) {
        int last = subnet * 4 + host;
        return "198." + (18 + (last >> 16)) + "." + (last >> 8 & 255) + "." + (last & 255);
    }

    private String address6(int host) {
        return "fd54:7269:" + Integer.toHexString(subnet + 1) + "::" + host;
    }

    private void nearIp(String arguments) {
        near.ip(arguments);
    }

    private void farIp(String arguments) {
        if (far != null) {
            far.ip(arguments);
        } else {
            NetworkNamespace.run(List.of(("ip " + arguments).split(" ")));
        }
    }
}
