// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.AccessIssuer;
import dev.tributary.activitypub.StageAccess;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What guests from elsewhere come on our stages with: short-lived tokens, given in answer to a signed {@code Join}, good
 * for one room and one guest. Thread-safe.
 */
final class GuestTokens implements AccessIssuer {
    /** Long enough to connect with; who is on stage by then stays. */
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private static final int TOKEN_BYTES = 24;

    private final String baseUrl;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Pass> byToken = new ConcurrentHashMap<>();
    private final Revocations revocations = new Revocations();

    /**
     * What a token stands for.
     *
     * @param room the room it opens
     * @param liveId the live of that room
     * @param guestId the guest's actor
     * @param label the name to show
     * @param instanceId who may use it, by signing; empty when the guest's instance did not say
     * @param expires when it no longer opens anything
     */
    record Pass(String room, String liveId, String guestId, String label, String instanceId, Instant expires) {}

    GuestTokens(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    @Override
    public CompletionStage<StageAccess> issue(Request request) {
        Instant now = Instant.now();
        byToken.values().removeIf(pass -> pass.expires().isBefore(now));
        String room = request.live().description().person().username();
        Instant expires = now.plus(LIFETIME);
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        byToken.put(
                token,
                new Pass(
                        room,
                        request.live().id(),
                        request.guestId(),
                        request.guestAddress(),
                        request.instanceId(),
                        expires));
        String endpoint = baseUrl + "/live/" + room;
        return CompletableFuture.completedFuture(
                new StageAccess(endpoint + "/whip", endpoint + "/whep", token, expires));
    }

    /** What a token stands for, while it is good. */
    Optional<Pass> find(String token) {
        return Optional.ofNullable(byToken.get(token))
                .filter(pass -> Instant.now().isBefore(pass.expires()));
    }

    /** Completes when the guest may no longer be on the stage. */
    CompletionStage<Void> revoked(Pass pass) {
        return revocations.of(new Revocations.Key(pass.liveId(), pass.guestId()));
    }

    /** Takes a guest off the stage, and what they could come back with. */
    void revoke(String liveId, String guestId) {
        byToken.values()
                .removeIf(pass -> pass.liveId().equals(liveId) && pass.guestId().equals(guestId));
        revocations.revoke(new Revocations.Key(liveId, guestId));
    }
}
