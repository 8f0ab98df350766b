// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

import dev.tributary.core.http.HttpClient;
import java.net.URI;
import java.util.concurrent.CompletionStage;

/**
 * Where a room of another server is pulled from.
 *
 * @param whep the WHEP endpoint
 * @param http carries the requests; it signs them when the other server asks for that
 */
public record Upstream(URI whep, HttpClient http) {
    /** Finds the upstream of a room that this server does not have itself. Thread-safe; must not block. */
    @FunctionalInterface
    public interface Resolver {
        /**
         * Looks a room up.
         *
         * @param room the name that a viewer asked for, for example {@code alice@tv.example}
         * @return the upstream, or a failure with a {@link dev.tributary.whipwhep.spi.WhipWhepException}
         */
        CompletionStage<Upstream> find(String room);
    }
}
