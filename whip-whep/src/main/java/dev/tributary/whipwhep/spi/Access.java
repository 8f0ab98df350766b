// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Decides who may do what in which room. Thread-safe; must not block.
 *
 * <p>A refusal is a stage that fails with a {@link WhipWhepException}: {@link Refusal#UNAUTHENTICATED} when the
 * credentials are missing or wrong, {@link Refusal#FORBIDDEN} when they are right but do not reach that far. A grant
 * without {@link Right#PLAY} for WHEP, or without a publishing right for WHIP, is refused as forbidden by the caller.
 */
@FunctionalInterface
public interface Access {
    /**
     * Verifies a request.
     *
     * @param request what is asked, with its credentials
     * @return what is granted
     */
    CompletionStage<Grant> verify(AccessRequest request);

    /**
     * Lets everybody in, with every right but that of a pipe. The name says the risk: for laptops and tests.
     */
    static Access allowEverybody() {
        return request -> CompletableFuture.completedFuture(
                Grant.of("", "", Right.PLAY, Right.PUBLISH_MAIN, Right.PUBLISH_GUEST, Right.HOST));
    }

    /**
     * Lets in who shows one of the given tokens.
     *
     * @param grants what each token grants in a room; called with the room of the request
     */
    static Access tokens(Map<String, Function<String, Grant>> grants) {
        Map<String, Function<String, Grant>> fixed = Map.copyOf(grants);
        return request -> {
            String token = request.token();
            Function<String, Grant> granted = null;
            // All are compared, each in constant time: how long it takes tells nothing of any of them.
            for (Map.Entry<String, Function<String, Grant>> entry : fixed.entrySet()) {
                boolean isSame = token != null
                        && MessageDigest.isEqual(
                                entry.getKey().getBytes(StandardCharsets.UTF_8),
                                token.getBytes(StandardCharsets.UTF_8));
                granted = isSame ? entry.getValue() : granted;
            }
            return granted == null
                    ? CompletableFuture.failedFuture(
                            new WhipWhepException(Refusal.UNAUTHENTICATED, "The token is missing or unknown."))
                    : CompletableFuture.completedFuture(granted.apply(request.room()));
        };
    }

    /**
     * Asks another access when this one does not know the credentials: tokens of two kinds, or tokens and signatures.
     * What is known but not allowed is refused at once.
     */
    default Access or(Access other) {
        return request -> verify(request)
                .handle((grant, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    boolean isUnknown =
                            cause instanceof WhipWhepException refused && refused.refusal() == Refusal.UNAUTHENTICATED;
                    if (isUnknown) {
                        return other.verify(request);
                    }
                    return failure == null
                            ? CompletableFuture.completedFuture(grant)
                            : CompletableFuture.<Grant>failedFuture(cause == null ? failure : cause);
                })
                .thenCompose(decided -> decided);
    }

    /** Lets nobody in. */
    static Access denyEverybody() {
        return request -> CompletableFuture.failedFuture(
                new WhipWhepException(Refusal.UNAUTHENTICATED, "No access is set up on this server."));
    }
}
