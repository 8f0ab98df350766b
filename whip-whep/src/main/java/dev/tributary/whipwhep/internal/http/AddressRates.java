// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.whipwhep.internal.dynamic.TokenBucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A rate for each address, of a bounded number of addresses. Thread-safe. */
final class AddressRates {
    private final int perSecond;
    private final int burst;
    private final Map<String, TokenBucket> buckets;

    AddressRates(int perSecond, int burst, int addressesMax) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
                return size() > addressesMax;
            }
        };
    }

    /** Takes one from the rate of an address. */
    boolean tryTake(InetSocketAddress remote, long nowNanos) {
        String key = key(remote);
        synchronized (buckets) {
            return buckets.computeIfAbsent(key, unseen -> new TokenBucket(perSecond, burst))
                    .tryTake(nowNanos);
        }
    }

    private static String key(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        if (address instanceof Inet6Address) {
            // One customer has a /64.
            return Arrays.toString(Arrays.copyOf(address.getAddress(), 8));
        }
        return address == null ? remote.getHostString() : address.getHostAddress();
    }
}
