// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.ice4j;

import dev.tributary.ice.CandidatePolicy;
import dev.tributary.ice.IceLimits;
import dev.tributary.ice.IceServer;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** What {@link dev.tributary.ice.GatheringAgent.Builder} was told. */
public record Ice4jSettings(
        List<IceServer> servers,
        CandidatePolicy policy,
        IceLimits limits,
        @Nullable Function<String, @Nullable InetAddress> names,
        SSLSocketFactory tls,
        ThreadFactory threads) {
    /** Copies the list. */
    public Ice4jSettings {
        servers = List.copyOf(servers);
    }
}
