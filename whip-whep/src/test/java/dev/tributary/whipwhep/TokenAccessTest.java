// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.AccessRequest;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAccessTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final String CLAIMS =
            "\"sub\":\"alice\",\"name\":\"Alice\",\"room\":\"stage\"," + "\"scope\":\"play publish coffee\",\"exp\":"
                    + NOON.plusSeconds(60).getEpochSecond();

    private static AccessRequest request(String token) {
        HttpRequest http =
                new HttpRequest("POST", "/", "", HttpHeaders.EMPTY, new byte[0], new InetSocketAddress("192.0.2.1", 1));
        return new AccessRequest(SessionKind.WHEP, "stage", token, http);
    }

    private static Grant verify(Access access, String token) {
        return access.verify(request(token)).toCompletableFuture().join();
    }

    private static void assertRefused(Access access, String token, Refusal refusal) {
        assertThatThrownBy(() -> verify(access, token))
                .isInstanceOf(CompletionException.class)
                .satisfies(e ->
                        assertThat(((WhipWhepException) e.getCause()).refusal()).isEqualTo(refusal));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encoded(String text) {
        return encoded(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hmacToken(String header, String claims) throws GeneralSecurityException {
        String signed = encoded("{" + header + "}") + "." + encoded("{" + claims + "}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        return signed + "." + encoded(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String hmacToken(String claims) throws GeneralSecurityException {
        return hmacToken("\"alg\":\"HS256\"", claims);
    }

    @Nested
    class Signed {
        private final Access access =
                JwtAccess.builder().hmacSecret(SECRET).clock(() -> NOON).build();

        @Test
        void grantsWhatTheClaimsSay() throws Exception {
            Grant grant = verify(access, hmacToken(CLAIMS));

            assertThat(grant.subject()).isEqualTo("alice");
            assertThat(grant.label()).isEqualTo("Alice");
            assertThat(grant.rights()).containsExactlyInAnyOrder(Right.PLAY, Right.PUBLISH_MAIN);
            assertThat(grant.expires()).isEqualTo(NOON.plusSeconds(60));
        }

        @ParameterizedTest
        @CsvSource({"RSA, RS256, SHA256withRSA", "EC, ES256, SHA256withECDSAinP1363Format", "Ed25519, EdDSA, Ed25519"})
        void takesTokensOfEachKindOfKey(String kind, String algorithm, String signature) throws Exception {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            KeyPair pair = generator.generateKeyPair();
            Access signed = JwtAccess.builder()
                    .publicKey(pair.getPublic())
                    .clock(() -> NOON)
                    .build();
            String token = signedToken(algorithm, signature, pair.getPrivate());

            assertThat(verify(signed, token).subject()).isEqualTo("alice");
            assertRefused(signed, hmacToken(CLAIMS), Refusal.UNAUTHENTICATED);
            assertRefused(access, token, Refusal.UNAUTHENTICATED);
        }

        private String signedToken(String algorithm, String signature, PrivateKey key) throws GeneralSecurityException {
            String signed = encoded("{\"alg\":\"" + algorithm + "\"}") + "." + encoded("{" + CLAIMS + "}");
            Signature signer = Signature.getInstance(signature);
            signer.initSign(key);
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signer.sign());
        }

        @Test
        void letsNobodyInByATokenThatItsKeysDidNotMake() throws Exception {
            String good = hmacToken(CLAIMS);
            String[] parts = good.split("\\.");

            for (String token : new String[] {
                null,
                "",
                "opaque",
                "a.b",
                "a.b.c",
                "....",
                good + "x",
                good.substring(0, good.length() - 2),
                parts[0] + "." + encoded("{" + CLAIMS.replace("alice", "mallory") + "}") + "." + parts[2],
                encoded("{\"alg\":\"none\"}") + "." + parts[1] + ".",
                encoded("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2],
                hmacToken("\"alg\":\"HS512\"", CLAIMS),
                hmacToken("\"alg\":7", CLAIMS),
                hmacToken("\"alg\":\"HS256\",\"crit\":[\"b64\"]", CLAIMS),
                hmacToken(CLAIMS + ",\"pad\":\"" + "x".repeat(JwtAccess.TOKEN_CHARACTERS_MAX) + "\"")
            }) {
                assertRefused(access, token, Refusal.UNAUTHENTICATED);
            }
        }

        @Test
        void readsTheTimes() throws Exception {
            long now = NOON.getEpochSecond();

            assertRefused(access, hmacToken("\"room\":\"*\",\"scope\":\"play\""), Refusal.UNAUTHENTICATED);
            assertRefused(
                    access, hmacToken("\"room\":\"*\",\"scope\":\"play\",\"exp\":" + now), Refusal.UNAUTHENTICATED);
            assertRefused(access, hmacToken(CLAIMS + ",\"nbf\":" + (now + 31)), Refusal.UNAUTHENTICATED);
            assertThat(verify(access, hmacToken(CLAIMS + ",\"nbf\":" + (now + 30)))
                            .subject())
                    .isEqualTo("alice");
            assertRefused(
                    access, hmacToken("\"room\":\"*\",\"exp\":1e300,\"scope\":\"play\""), Refusal.UNAUTHENTICATED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"*\"", "[\"hall\",\"stage\"]", "\"stage\""})
        void grantsTheRoomsThatItNames(String rooms) throws Exception {
            verify(access, hmacToken(CLAIMS.replace("\"stage\"", rooms)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"hall\"", "[]", "7", "[7]", "\"\""})
        void refusesOtherRooms(String rooms) throws Exception {
            assertRefused(access, hmacToken(CLAIMS.replace("\"stage\"", rooms)), Refusal.FORBIDDEN);
        }

        @Test
        void demandsItsIssuerAndAudience() throws Exception {
            Access picky = JwtAccess.builder()
                    .hmacSecret(SECRET)
                    .issuer("login")
                    .audience("tv")
                    .clock(() -> NOON)
                    .build();

            assertRefused(picky, hmacToken(CLAIMS), Refusal.UNAUTHENTICATED);
            assertRefused(picky, hmacToken(CLAIMS + ",\"iss\":\"login\",\"aud\":\"radio\""), Refusal.UNAUTHENTICATED);
            assertThat(verify(picky, hmacToken(CLAIMS + ",\"iss\":\"login\",\"aud\":[\"radio\",\"tv\"]"))
                            .subject())
                    .isEqualTo("alice");
        }

        @Test
        void refusesWeakKeys() throws Exception {
            KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
            small.initialize(1_024);

            assertThatThrownBy(() -> JwtAccess.builder().hmacSecret(new byte[31]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> JwtAccess.builder()
                            .publicKey(small.generateKeyPair().getPublic()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> JwtAccess.builder().build()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void opaqueTokensGrantWhatTheyStandFor() {
        Access access = Access.tokens(Map.of(
                "one", room -> Grant.of("alice in " + room, "", Right.PLAY),
                "two", room -> Grant.of("bob", "", Right.PLAY)));

        assertThat(verify(access, "one").subject()).isEqualTo("alice in stage");
        assertThat(verify(access, "two").subject()).isEqualTo("bob");
        assertRefused(access, "three", Refusal.UNAUTHENTICATED);
        assertRefused(access, null, Refusal.UNAUTHENTICATED);
    }

    @Test
    void anotherAccessIsAskedOnlyAboutWhatThisOneDoesNotKnow() throws Exception {
        Access both = Access.tokens(Map.of("opaque", room -> Grant.of("alice", "", Right.PLAY)))
                .or(JwtAccess.builder().hmacSecret(SECRET).clock(() -> NOON).build())
                .or(Access.allowEverybody());

        assertThat(verify(both, "opaque").subject()).isEqualTo("alice");
        assertThat(verify(both, hmacToken(CLAIMS)).subject()).isEqualTo("alice");
        assertThat(verify(both, "neither").subject()).isEmpty();
        assertRefused(both, hmacToken(CLAIMS.replace("\"stage\"", "\"hall\"")), Refusal.FORBIDDEN);
    }
}
