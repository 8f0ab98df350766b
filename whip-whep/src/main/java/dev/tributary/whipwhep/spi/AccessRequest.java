// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

import dev.tributary.core.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that wants in.
 *
 * @param kind what it wants: to publish (WHIP) or to play (WHEP)
 * @param room the room, percent-decoded; {@code name@host} names a room of another instance
 * @param token the bearer token of the request, or {@code null} when it carries none; never empty
 * @param http the whole request as it arrived, for signatures, cookies, query parameters or addresses
 */
public record AccessRequest(
        SessionKind kind, String room, @Nullable String token, HttpRequest http) {
    @Override
    public String toString() {
        return "AccessRequest[" + kind + " " + room + (token == null ? "" : ", with a token") + "]";
    }
}
