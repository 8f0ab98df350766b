// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.StageAccess;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.fetch.DocumentLoader;
import dev.tributary.activitypub.internal.json.Json;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks a host for access to its stage: a Join, signed by the guest, by a POST that is answered at once. */
final class StageAccessClient {
    private final Federation federation;
    private final Json json;

    StageAccessClient(Federation federation) {
        this.federation = federation;
        this.json = new Json(federation.limits());
    }

    /** Fails with NOT_FOUND while the host has not worked off the guest's Accept. */
    CompletionStage<StageAccess> ask(ReceivedInvitation invitation) {
        Identity guest = federation.identities().get(invitation.guest().id());
        URI uri;
        try {
            uri = federation.remoteUrls().check(invitation.live().access());
        } catch (ActivityPubException e) {
            return CompletableFuture.failedFuture(e);
        }
        byte[] body = federation
                .activity("Join", guest.id())
                .with("object", invitation.live().id())
                .with("instrument", federation.instance().id())
                .with("to", List.of(invitation.hostId()))
                .json()
                .getBytes(StandardCharsets.UTF_8);
        HttpHeaders headers = guest.signer()
                .sign(
                        "POST",
                        uri,
                        HttpHeaders.of("Content-Type", "application/activity+json", "Accept", "application/json"),
                        body);
        return federation.loader().send("POST", uri, headers, body).thenApply(this::granted);
    }

    private StageAccess granted(HttpResponse response) {
        if (response.status() == 409) {
            throw new ActivityPubException(Reason.NOT_FOUND, "The host has not taken note of the answer yet");
        }
        if (response.status() != 200) {
            Reason reason = response.status() >= 500 ? Reason.UNREACHABLE : Reason.REFUSED;
            throw new ActivityPubException(reason, "The host answered " + response.status() + " to the Join");
        }
        ApObject answer = ApObject.of(json.readObject(DocumentLoader.bytes(response)));
        String whip = answer.string("whip").orElse("");
        String whep = answer.string("whep").orElse("");
        boolean usable = federation.remoteUrls().isAcceptable(whip)
                && (whep.isEmpty() || federation.remoteUrls().isAcceptable(whep));
        if (!usable
                || answer.string("token").isEmpty()
                || answer.instant("expiresAt").isEmpty()) {
            throw new ActivityPubException(Reason.MALFORMED, "The host's answer to the Join lacks a part");
        }
        return new StageAccess(
                whip,
                whep,
                answer.string("token").orElseThrow(),
                answer.instant("expiresAt").orElseThrow());
    }
}
