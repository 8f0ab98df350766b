// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.fetch.DocumentLoader;
import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One attempt to deliver: with the signature that the origin is known to understand; if it refuses, with the other one. */
final class Knock {
    private final DocumentLoader client;
    private final Origins origins;

    Knock(DocumentLoader client, Origins origins) {
        this.client = client;
        this.origins = origins;
    }

    CompletionStage<HttpResponse> post(QueuedItem item, URI inbox, Identity sender) {
        SignatureScheme first = origins.scheme(item.lane());
        SignatureScheme second = first == SignatureScheme.CAVAGE ? SignatureScheme.RFC9421 : SignatureScheme.CAVAGE;
        return post(item, inbox, sender, first).thenCompose(response -> {
            if (response.status() != 401 && response.status() != 403 && response.status() != 400) {
                return CompletableFuture.completedFuture(response);
            }
            return post(item, inbox, sender, second).thenApply(again -> {
                if (Deliveries.isSuccess(again.status())) {
                    origins.understands(item.lane(), second);
                    return again;
                }
                return response;
            });
        });
    }

    private CompletionStage<HttpResponse> post(QueuedItem item, URI inbox, Identity sender, SignatureScheme scheme) {
        byte[] body = item.body().getBytes(StandardCharsets.UTF_8);
        HttpHeaders headers = sender.signer()
                .withScheme(scheme)
                .sign("POST", inbox, HttpHeaders.of("Content-Type", "application/activity+json"), body);
        return client.send("POST", inbox, headers, body);
    }
}
