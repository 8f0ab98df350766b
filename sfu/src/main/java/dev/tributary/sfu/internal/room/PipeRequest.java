// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.core.http.HttpClient;
import dev.tributary.whipwhep.ClientSession;
import dev.tributary.whipwhep.WhipWhepClient;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.util.concurrent.CompletionStage;

/**
 * Another server's endpoint, for a pipe.
 *
 * @param endpoint WHIP or WHEP
 * @param http carries, signs and authorises the requests
 */
record PipeRequest(URI endpoint, HttpClient http) {
    CompletionStage<ClientSession> open(SessionKind kind, String offer) {
        return WhipWhepClient.of(http).open(kind, endpoint, offer);
    }
}
