// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.internal.signature.TestKeys;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a signed request proves, and everything that must not pass for one. */
class SignatureTest {
    private static final URI INBOX = URI.create("https://b.example:8443/ap/u/bob/inbox?x=1");
    private static final byte[] BODY = "{\"type\":\"Follow\"}".getBytes(UTF_8);
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private Instant now = NOW;
    private final TestKeys keys = TestKeys.withAlice();
    private final InstantSource clock = () -> now;
    private final SignatureVerifier verifier =
            SignatureVerifier.of("https://b.example:8443", keys, Limits.DEFAULT, clock);
    private final RequestSigner alice =
            RequestSigner.of(TestKeys.ALICE_KEY, TestKeys.ALICE.getPrivate()).withClock(clock);

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void verifiesWhatWasSigned(SignatureScheme scheme) {
        VerifiedActor actor = verify(post(scheme));

        assertThat(actor).isEqualTo(new VerifiedActor(TestKeys.ALICE_ID, TestKeys.ALICE_KEY, scheme));
        assertThat(actor.authority()).isEqualTo("a.example");
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void verifiesAGetWithoutDigest(SignatureScheme scheme) {
        HttpHeaders headers = alice.withScheme(scheme).sign("GET", INBOX, HttpHeaders.EMPTY, new byte[0]);

        assertThat(headers.first("Digest")).isEmpty();
        assertThat(verify(request("GET", headers, new byte[0])).actorId()).isEqualTo(TestKeys.ALICE_ID);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void refusesAnotherBody(SignatureScheme scheme) {
        HttpRequest signed = post(scheme);

        refuses(request("POST", signed.headers(), "{\"type\":\"Delete\"}".getBytes(UTF_8)), Reason.DIGEST_MISMATCH);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void refusesAnotherBodyWithItsOwnDigest(SignatureScheme scheme) {
        byte[] other = "{\"type\":\"Delete\"}".getBytes(UTF_8);
        HttpHeaders forged = post(scheme, other).headers();
        HttpHeaders headers = post(scheme).headers();
        for (String name : new String[] {"Digest", "Content-Digest"}) {
            if (forged.first(name).isPresent()) {
                headers = replaced(headers, name, ignored -> forged.first(name).orElseThrow());
            }
        }

        refuses(request("POST", headers, other), Reason.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void refusesAnotherPathMethodAndQuery(SignatureScheme scheme) {
        HttpRequest signed = post(scheme);

        refuses(signed.withPath("/ap/u/carol/inbox"), Reason.SIGNATURE_INVALID);
        refuses(request("PUT", signed.headers(), BODY), Reason.SIGNATURE_INVALID);
        refuses(
                new HttpRequest("POST", signed.path(), "x=2", signed.headers(), BODY, signed.remote()),
                Reason.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void refusesASignatureMadeForAnotherHostWhateverTheHostFieldSays(SignatureScheme scheme) {
        HttpHeaders elsewhere = alice.withScheme(scheme)
                .sign("POST", URI.create("https://c.example/ap/u/bob/inbox?x=1"), HttpHeaders.EMPTY, BODY);

        refuses(request("POST", elsewhere, BODY), Reason.SIGNATURE_INVALID);
        refuses(request("POST", replaced(elsewhere, "Host", host -> "b.example:8443"), BODY), Reason.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void acceptsTheDateUpToItsLimitAndNotASecondBeyond(SignatureScheme scheme) {
        HttpRequest signed = post(scheme);
        Duration age = Limits.DEFAULT.signatureAge();

        now = NOW.plus(age);
        assertThat(verify(signed)).isNotNull();
        now = NOW.plus(age).plusSeconds(1);
        refuses(signed, Reason.SIGNATURE_TIME);
        now = NOW.minus(age);
        assertThat(verify(signed)).isNotNull();
        now = NOW.minus(age).minusSeconds(1);
        refuses(signed, Reason.SIGNATURE_TIME);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void refusesTheKeyOfSomebodyElse(SignatureScheme scheme) {
        HttpHeaders forged = RequestSigner.of(TestKeys.ALICE_KEY, TestKeys.MALLORY.getPrivate())
                .withClock(clock)
                .withScheme(scheme)
                .sign("POST", INBOX, HttpHeaders.EMPTY, BODY);

        refuses(request("POST", forged, BODY), Reason.SIGNATURE_INVALID);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void asksForAReplacedKeyOnceAndUsesIt(SignatureScheme scheme) {
        keys.cached.put(
                TestKeys.ALICE_KEY,
                new ActorPublicKey(TestKeys.ALICE_KEY, TestKeys.ALICE_ID, TestKeys.MALLORY.getPublic()));

        assertThat(verify(post(scheme)).actorId()).isEqualTo(TestKeys.ALICE_ID);
        assertThat(keys.refreshes).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void showsAReplayWhereOnceIsAllThatIsAllowed(SignatureScheme scheme) {
        HttpRequest signed = post(scheme);

        assertThat(verifier.verifyOnce(signed).toCompletableFuture().join()).isNotNull();
        assertThatThrownBy(
                        () -> verifier.verifyOnce(signed).toCompletableFuture().join())
                .hasCauseInstanceOf(ActivityPubException.class)
                .extracting(e -> ((ActivityPubException) e.getCause()).reason())
                .isEqualTo(Reason.REPLAYED);
        assertThat(verify(signed)).isNotNull();
    }

    @Test
    void refusesAnUnsignedRequest() {
        refuses(request("POST", HttpHeaders.EMPTY, BODY), Reason.SIGNATURE_MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(request-target) host date",
                "(request-target) host digest",
                "(request-target) date digest",
                "host date digest",
                "date"
            })
    void refusesASignatureThatCoversTooLittle(String covered) {
        HttpRequest signed = post(SignatureScheme.CAVAGE);
        HttpHeaders headers = replaced(
                signed.headers(), "Signature", value -> value.replace("(request-target) host date digest", covered));

        refuses(request("POST", headers, BODY), Reason.SIGNATURE_COVERAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(\"@method\" \"@target-uri\");created=1;keyid=\"https://a.example/#k\"",
                "(\"@method\" \"content-digest\");created=1;keyid=\"https://a.example/#k\"",
                "(\"@method\" \"@path\" \"@authority\" \"content-digest\");created=1;keyid=\"https://a.example/#k\"",
                "(\"@target-uri\" \"content-digest\");created=1;keyid=\"https://a.example/#k\"",
                "(\"@method\" \"@target-uri\" \"content-digest\");keyid=\"https://a.example/#k\""
            })
    void refusesAMessageSignatureThatCoversTooLittle(String input) {
        HttpHeaders headers =
                replaced(post(SignatureScheme.RFC9421).headers(), "Signature-Input", ignored -> "sig1=" + input);

        refuses(request("POST", headers, BODY), Reason.SIGNATURE_COVERAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "keyId",
                "keyId=\"https://a.example/#k",
                "keyId=\"https://a.example/#k\",headers=\"(request-target) host date digest\",signature=\"\"",
                "keyId=\"file:///etc/passwd\",headers=\"(request-target) host date digest\",signature=\"AAAA\"",
                "keyId=\"https://a.example/#k\",keyId=\"https://b.example/#k\",signature=\"AAAA\"",
                "keyId=\"https://a.example/#k\",headers=\"(request-target) host date digest date\",signature=\"AAAA\"",
                "keyId=\"https://a.example/#k\",headers=\"(request-target) host date digest nope\",signature=\"AAAA\"",
                "keyId=\"https://a.example/#k\",headers=\"(request-target)  host date digest\",signature=\"AAAA\"",
                "keyId=\"https://a.example/#k\",headers=\"(request-target) host date digest\",signature=\"!!\"",
                ",,,,,,=,,,",
                "=",
                "\u0000"
            })
    void refusesMalformedSignatures(String value) {
        HttpRequest signed = post(SignatureScheme.CAVAGE);
        HttpHeaders headers = HttpHeaders.copyOf(signed.headers().entries().stream()
                .filter(field -> !field.getKey().equals("Signature"))
                .toList());
        if (value.indexOf('\0') >= 0) {
            assertThatThrownBy(() -> headers.with("Signature", value)).isInstanceOf(IllegalArgumentException.class);
            return;
        }

        refuses(request("POST", headers.with("Signature", value), BODY), Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sig1=()",
                "sig1",
                "sig1=(\"@method\"",
                "sig1=(\"@method\" \"@target-uri\" \"content-digest\";sf);created=1;keyid=\"https://a.example/#k\"",
                "sig1=(\"@method\"\"@target-uri\");created=1",
                "sig1=(\"@method\");created=9999999999999999",
                "sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1;keyid=\"ftp://x\"",
                "sig1=(\"@method\"), sig2=(\"@method\")",
                "sig2=(\"@method\")",
                "SIG=()"
            })
    void refusesMalformedMessageSignatures(String input) {
        HttpHeaders headers = replaced(post(SignatureScheme.RFC9421).headers(), "Signature-Input", ignored -> input);

        assertThatThrownBy(() -> verify(request("POST", headers, BODY))).hasCauseInstanceOf(ActivityPubException.class);
    }

    @Test
    void readsHs2019WithCreatedAndExpires() {
        // hs2019 is what newer senders write for the same RSA signature.
        HttpRequest signed = post(SignatureScheme.CAVAGE);
        HttpHeaders headers = replaced(signed.headers(), "Signature", v -> v.replace("rsa-sha256", "hs2019"));

        assertThat(verify(request("POST", headers, BODY))).isNotNull();

        HttpHeaders expired = replaced(headers, "Signature", v -> v + ",expires=" + (NOW.getEpochSecond() - 1));
        refuses(request("POST", expired, BODY), Reason.SIGNATURE_TIME);
    }

    @Test
    void refusesUnknownAlgorithmsAndCreatedWithRsaSha256() {
        HttpRequest signed = post(SignatureScheme.CAVAGE);

        refuses(
                request("POST", replaced(signed.headers(), "Signature", v -> v.replace("rsa-sha256", "hmac")), BODY),
                Reason.SIGNATURE_ALGORITHM);
        refuses(
                request(
                        "POST",
                        replaced(signed.headers(), "Signature", v -> v.replace("date digest", "date digest (created)")),
                        BODY),
                Reason.MALFORMED);
    }

    @Test
    void readsASignatureWithBlanksAndTheOldPrefix() {
        HttpRequest signed = post(SignatureScheme.CAVAGE);
        HttpHeaders headers = replaced(signed.headers(), "Signature", v -> "Signature " + v.replace("\",", "\" , "));

        assertThat(verify(request("POST", headers, BODY))).isNotNull();
    }

    @Test
    void readsARequestTargetWithoutTheQuery() {
        HttpHeaders headers =
                alice.sign("POST", URI.create("https://b.example:8443/ap/u/bob/inbox"), HttpHeaders.EMPTY, BODY);

        assertThat(verify(request("POST", headers, BODY))).isNotNull();
    }

    @Test
    void boundsTheLengthOfTheHeaderAtItsLimit() {
        HttpRequest signed = post(SignatureScheme.CAVAGE);
        String value = signed.header("Signature").orElseThrow();
        int room = Limits.DEFAULT.signatureHeaderLength() - value.length() - ",x=".length();

        HttpHeaders full = replaced(signed.headers(), "Signature", v -> v + ",x=" + "y".repeat(room));
        assertThat(verify(request("POST", full, BODY))).isNotNull();
        HttpHeaders over = replaced(signed.headers(), "Signature", v -> v + ",x=" + "y".repeat(room + 1));
        refuses(request("POST", over, BODY), Reason.MALFORMED);
    }

    @Test
    void boundsTheNumberOfCoveredHeadersAtItsLimit() {
        HttpHeaders headers = post(SignatureScheme.CAVAGE).headers();
        String names = "";
        for (int i = 0; i < Limits.DEFAULT.signatureComponents() - 4; i++) {
            headers = headers.with("x-" + i, "v");
            names += " x-" + i;
        }
        String full = names;

        HttpHeaders atLimit = replaced(headers, "Signature", v -> v.replace("date digest", "date digest" + full));
        refuses(request("POST", atLimit, BODY), Reason.SIGNATURE_INVALID);
        HttpHeaders over = replaced(
                headers.with("x-99", "v"), "Signature", v -> v.replace("date digest", "date digest" + full + " x-99"));
        refuses(request("POST", over, BODY), Reason.MALFORMED);
    }

    @Test
    void signsAgainWithoutPilingUpFields() {
        HttpHeaders once = alice.sign("POST", INBOX, HttpHeaders.of("Content-Type", "application/activity+json"), BODY);
        HttpHeaders twice = alice.sign("POST", INBOX, once, BODY);

        assertThat(twice.entries())
                .extracting(Map.Entry::getKey)
                .containsExactly("Content-Type", "Host", "Date", "Digest", "Signature");
        assertThat(once.first("Host")).contains("b.example:8443");
        assertThat(once.first("Date")).contains("Wed, 25 Nov 2026 12:00:00 GMT");
        assertThat(once.first("Signature").orElseThrow())
                .startsWith("keyId=\"https://a.example/ap/u/alice#main-key\",algorithm=\"rsa-sha256\","
                        + "headers=\"(request-target) host date digest\",signature=\"");
    }

    private HttpRequest post(SignatureScheme scheme) {
        return post(scheme, BODY);
    }

    private HttpRequest post(SignatureScheme scheme, byte[] body) {
        return request("POST", alice.withScheme(scheme).sign("POST", INBOX, HttpHeaders.EMPTY, body), body);
    }

    private static HttpRequest request(String method, HttpHeaders headers, byte[] body) {
        return new HttpRequest(
                method, "/ap/u/bob/inbox", "x=1", headers, body, InetSocketAddress.createUnresolved("x", 1));
    }

    private static HttpHeaders replaced(HttpHeaders headers, String name, UnaryOperator<String> change) {
        return HttpHeaders.copyOf(headers.entries().stream()
                .map(f -> f.getKey().equals(name) ? Map.entry(name, change.apply(f.getValue())) : f)
                .toList());
    }

    private VerifiedActor verify(HttpRequest request) {
        return verifier.verify(request).toCompletableFuture().join();
    }

    private void refuses(HttpRequest request, Reason reason) {
        CompletableFuture<VerifiedActor> result = verifier.verify(request).toCompletableFuture();
        assertThat(result).isCompletedExceptionally();
        assertThat(result.handle((actor, e) -> e).join())
                .satisfies(e -> assertThat(
                                ((ActivityPubException) (e instanceof CompletionException ? e.getCause() : e)).reason())
                        .isEqualTo(reason));
    }
}
