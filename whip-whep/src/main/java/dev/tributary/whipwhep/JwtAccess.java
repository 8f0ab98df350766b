// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.whipwhep.internal.access.SignedClaims;
import dev.tributary.whipwhep.internal.access.TokenKey;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who shows a JSON Web Token (RFC 7519) that one of the given keys has signed, and grants what its claims say.
 *
 * <pre>{@code
 * WhipWhep.builder(engine).access(JwtAccess.builder().hmacSecret(secret).audience("tv.example").build())
 * }</pre>
 *
 * <table>
 * <caption>Claims that are read</caption>
 * <tr><td>{@code sub}</td><td>who it is; two sessions of one subject are the same identity</td></tr>
 * <tr><td>{@code name}</td><td>the name to show</td></tr>
 * <tr><td>{@code room}</td><td>a room, or several, or {@code *} for all; needed</td></tr>
 * <tr><td>{@code scope}</td><td>words: {@code play}, {@code publish}, {@code guest}, {@code host}, {@code pipe}; needed.
 *     Words that mean nothing here are ignored</td></tr>
 * <tr><td>{@code exp}, {@code nbf}</td><td>until when, needed, and from when; the session ends with its token</td></tr>
 * <tr><td>{@code iss}, {@code aud}</td><td>must be the configured ones, when there are any</td></tr>
 * </table>
 *
 * <p>Algorithms follow from the keys, never from the token: HS256, RS256, ES256, EdDSA with Ed25519. A token without a
 * signature lets nobody in. Thread-safe.
 */
public final class JwtAccess implements Access {
    /** How far the clock of who made the token may be ahead of ours, or behind. */
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    /** The longest token that is read, in characters. */
    public static final int TOKEN_CHARACTERS_MAX = 8 * 1024;

    private final List<TokenKey> keys;
    private final @Nullable String issuer;
    private final @Nullable String audience;
    private final InstantSource clock;

    private JwtAccess(Builder builder) {
        this.keys = List.copyOf(builder.keys);
        this.issuer = builder.issuer;
        this.audience = builder.audience;
        this.clock = builder.clock;
    }

    /** Describes one; at least one key is needed. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public CompletionStage<Grant> verify(AccessRequest request) {
        try {
            return CompletableFuture.completedFuture(grant(request));
        } catch (WhipWhepException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Grant grant(AccessRequest request) {
        String token = request.token();
        SignedClaims claims =
                token == null || token.length() > TOKEN_CHARACTERS_MAX ? null : SignedClaims.read(token, keys);
        if (claims == null || !isMeantForUs(claims)) {
            // One answer for all of it: who guesses learns nothing.
            throw new WhipWhepException(
                    Refusal.UNAUTHENTICATED, "The token is missing, expired, or not for this server.");
        }
        List<String> rooms = claims.words("room");
        if (!rooms.contains("*") && !rooms.contains(request.room())) {
            throw new WhipWhepException(Refusal.FORBIDDEN, "The token is for another room.");
        }
        Set<Right> rights = rights(claims.text("scope"));
        return new Grant(
                claims.text("sub"),
                null,
                claims.text("name"),
                rights,
                claims.instant("exp", Instant.EPOCH),
                new CompletableFuture<>());
    }

    private boolean isMeantForUs(SignedClaims claims) {
        Instant now = clock.instant();
        return claims.instant("exp", Instant.EPOCH).isAfter(now)
                && !claims.instant("nbf", Instant.EPOCH).isAfter(now.plus(LEEWAY))
                && (issuer == null || issuer.equals(claims.text("iss")))
                && (audience == null || claims.words("aud").contains(audience));
    }

    private static Set<Right> rights(String scope) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : scope.toLowerCase(Locale.ROOT).split(" ")) {
            switch (word) {
                case "play" -> rights.add(Right.PLAY);
                case "publish" -> rights.add(Right.PUBLISH_MAIN);
                case "guest" -> rights.add(Right.PUBLISH_GUEST);
                case "host" -> rights.add(Right.HOST);
                case "pipe" -> rights.add(Right.PIPE);
                default -> {
                    // A word of somebody else's.
                }
            }
        }
        return rights;
    }

    /** Describes who may come in by token. Not thread-safe. */
    public static final class Builder {
        private final List<TokenKey> keys = new ArrayList<>();
        private @Nullable String issuer;
        private @Nullable String audience;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /**
         * A secret that this server shares with who makes tokens (HS256).
         *
         * @param secret at least 32 bytes (RFC 7518 §3.2)
         */
        public Builder hmacSecret(byte[] secret) {
            keys.add(TokenKey.hmac(secret));
            return this;
        }

        /**
         * The public key of who makes tokens.
         *
         * @param key RSA of at least 2,048 bits (RS256), P-256 (ES256) or Ed25519 (EdDSA)
         */
        public Builder publicKey(PublicKey key) {
            keys.add(TokenKey.of(key));
            return this;
        }

        /** Who must have made the token ({@code iss}). */
        public Builder issuer(String name) {
            issuer = name;
            return this;
        }

        /** Whom the token must be for ({@code aud}). */
        public Builder audience(String name) {
            audience = name;
            return this;
        }

        /** The time of day, for tests. */
        public Builder clock(InstantSource timeOfDay) {
            clock = timeOfDay;
            return this;
        }

        /** The access. */
        public JwtAccess build() {
            if (keys.isEmpty()) {
                throw new IllegalStateException("Without a key no token can be verified: call hmacSecret or publicKey");
            }
            return new JwtAccess(this);
        }
    }
}
