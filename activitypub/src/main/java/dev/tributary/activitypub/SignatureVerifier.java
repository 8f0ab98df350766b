// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.internal.signature.Claim;
import dev.tributary.activitypub.internal.signature.ReplayWindow;
import dev.tributary.activitypub.internal.signature.SignableRequest;
import dev.tributary.core.http.HttpRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds out which actor signed a request: draft-cavage-12 or RFC 9421, whichever the request carries. Usable alone, for
 * example to let only known instances open a WHEP session:
 *
 * <pre>{@code
 * SignatureVerifier verifier = SignatureVerifier.of("https://tv.example", keys);
 * verifier.verify(request).thenAccept(actor -> log(actor.actorId()));
 * }</pre>
 *
 * <p>A signature has to cover method, path, host, date and, if there can be a body, its SHA-256 digest. The host is
 * compared with the base URL given here, never with what the request says about itself. The request's path must be the
 * one that stood in the request line: a handler that is mounted under a prefix hands over the request as it came.
 *
 * <p>Thread-safe; never blocks. Failures are {@link ActivityPubException}s; tell peers no more than 401.
 *
 * @since 0.1
 */
public final class SignatureVerifier {
    private final String scheme;
    private final String authority;
    private final KeyDirectory keys;
    private final Limits limits;
    private final InstantSource clock;
    private final ReplayWindow replays;

    private SignatureVerifier(String baseUrl, KeyDirectory keys, Limits limits, InstantSource clock) {
        URI base = URI.create(baseUrl);
        if (base.getHost() == null || base.getScheme() == null) {
            throw new IllegalArgumentException("Not a base URL: " + baseUrl + "; expected scheme://host[:port]");
        }
        this.scheme = base.getScheme().toLowerCase(Locale.ROOT);
        this.authority = SignableRequest.authority(scheme, base.getHost(), base.getPort());
        this.keys = keys;
        this.limits = limits;
        this.clock = clock;
        this.replays = new ReplayWindow(limits);
    }

    /**
     * A verifier with default limits and the system's clock.
     *
     * @param baseUrl scheme, host and port under which peers reach this server
     * @param keys where public keys come from
     */
    public static SignatureVerifier of(String baseUrl, KeyDirectory keys) {
        return of(baseUrl, keys, Limits.DEFAULT, InstantSource.system());
    }

    /** A verifier with own limits and clock. */
    public static SignatureVerifier of(String baseUrl, KeyDirectory keys, Limits limits, InstantSource clock) {
        return new SignatureVerifier(baseUrl, keys, limits, clock);
    }

    /** Finds out who signed; the same request verifies as often as it is shown within the date window. */
    public CompletionStage<VerifiedActor> verify(HttpRequest request) {
        return verify(request, false);
    }

    /**
     * As {@link #verify}, but each signature verifies once only. For requests whose effect must not be had by who
     * records one and sends it again.
     */
    public CompletionStage<VerifiedActor> verifyOnce(HttpRequest request) {
        return verify(request, true);
    }

    private CompletionStage<VerifiedActor> verify(HttpRequest request, boolean once) {
        Claim claim;
        try {
            claim = Claim.of(
                    new SignableRequest(
                            request.method(), scheme, authority, request.target(), request.headers(), request.body()),
                    limits,
                    clock.instant());
        } catch (ActivityPubException e) {
            return CompletableFuture.failedFuture(e);
        }
        return keys.find(claim.keyId())
                .thenCompose(key -> claim.verifies(key.key())
                        ? CompletableFuture.completedFuture(key)
                        : keys.refresh(claim.keyId()).thenApply(fresh -> verified(claim, fresh)))
                .thenApply(key -> {
                    if (once && !replays.firstTime(claim.signature(), clock.instant())) {
                        throw new ActivityPubException(Reason.REPLAYED, "This signed request was seen before");
                    }
                    return new VerifiedActor(key.ownerId(), claim.keyId(), claim.scheme());
                });
    }

    private static ActorPublicKey verified(Claim claim, ActorPublicKey key) {
        if (!claim.verifies(key.key())) {
            throw new ActivityPubException(Reason.SIGNATURE_INVALID, "The signature does not verify");
        }
        return key;
    }
}
