// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.PublicAddresses;
import dev.tributary.core.http.HostResolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * The resolver that connections are made with: it gives out checked addresses only, so that there is no moment between
 * the check and the connection. {@link #lookUp} does the blocking part beforehand, away from the threads that do I/O;
 * its answer is held for the connection that follows. Thread-safe.
 */
public final class AddressGuard implements DnsResolver {
    private static final int ANSWERS_MAX = 1024;
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final HostResolver resolver;
    private final boolean allowPrivateAddresses;
    private final Map<String, Answer> answers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > ANSWERS_MAX;
        }
    };

    private record Answer(List<InetAddress> addresses, long atNanos) {}

    /** The host leads to an address that the client does not connect to. */
    static final class RefusedAddress extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        RefusedAddress(String host) {
            super(host + " leads to an address that is not public");
        }
    }

    /** A guard over a resolver. */
    public AddressGuard(HostResolver resolver, boolean allowPrivateAddresses) {
        this.resolver = resolver;
        this.allowPrivateAddresses = allowPrivateAddresses;
    }

    boolean allowsPrivateAddresses() {
        return allowPrivateAddresses;
    }

    /** Looks a host up and checks its addresses; may block. */
    void lookUp(String host) throws UnknownHostException {
        List<InetAddress> addresses = checked(host);
        synchronized (answers) {
            answers.remove(key(host));
            answers.put(key(host), new Answer(addresses, System.nanoTime()));
        }
    }

    private List<InetAddress> checked(String host) throws UnknownHostException {
        List<InetAddress> addresses = resolver.resolve(host);
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        for (InetAddress address : addresses) {
            boolean allowed = allowPrivateAddresses
                    ? !address.isMulticastAddress() && !address.isAnyLocalAddress()
                    : PublicAddresses.isPublic(address);
            // One is enough: a host with both kinds is either a mistake or an attempt.
            if (!allowed) {
                throw new RefusedAddress(host);
            }
        }
        return addresses;
    }

    private @Nullable Answer fresh(String host) {
        synchronized (answers) {
            Answer answer = answers.get(key(host));
            return answer != null && System.nanoTime() - answer.atNanos <= ANSWER_NANOS ? answer : null;
        }
    }

    private static String key(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        Answer answer = fresh(host);
        return (answer == null ? checked(host) : answer.addresses).toArray(InetAddress[]::new);
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return java.util.Arrays.stream(resolve(host))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
