// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.hostile;

import static dev.tributary.activitypub.hostile.Scene.A;
import static dev.tributary.activitypub.hostile.Scene.B;
import static dev.tributary.activitypub.hostile.Scene.EVE;
import static dev.tributary.activitypub.hostile.Scene.EVE_HOST;
import static dev.tributary.activitypub.hostile.Scene.EVE_KEY;
import static dev.tributary.activitypub.hostile.Scene.INBOX;
import static dev.tributary.activitypub.hostile.Scene.KEYS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.activitypub.internal.signature.TestKeys;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What attackers of the Fediverse have done and could do, each case by its name. None is accepted: it is answered with an
 * error, or, where the sender is who it says and merely asks for what is not its own, taken note of without effect.
 */
class HostileSuiteTest {
    private static final Set<Integer> REFUSED = Set.of(400, 401, 403, 404, 413, 415);
    private static final Set<Integer> WITHOUT_EFFECT = Set.of(202);

    private static Stream<DynamicTest> cases(Set<Integer> statuses, Map<String, ToIntFunction<Scene>> attacks) {
        return attacks.entrySet().stream()
                .map(attack -> DynamicTest.dynamicTest(attack.getKey(), () -> {
                    try (Scene scene = new Scene()) {
                        int status = attack.getValue().applyAsInt(scene);

                        assertThat(statuses).as("status").contains(status);
                        scene.assertUnharmed();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> spoofedActors() {
        Map<String, ToIntFunction<Scene>> all = new LinkedHashMap<>();
        all.put(
                "an activity of somebody else",
                s -> s.post(s.follow().with("actor", s.alice.id()).with("id", A + "/x")));
        all.put("an activity id of another origin", s -> s.post(s.follow().with("id", A + "/x")));
        all.put(
                "an embedded actor with another id",
                s -> s.post(s.follow()
                        .with("actor", Scene.person(s.alice.id(), "x"))
                        .with("id", A + "/x")));
        all.put(
                "two actors, the victim first",
                s -> s.post(s.follow().with("actor", List.of(s.alice.id(), EVE)).with("id", A + "/x")));
        all.put("no actor", s -> s.post(s.follow().without("actor")));
        all.put("no id", s -> s.post(s.follow().without("id")));
        all.put("an actor that is a file", s -> s.post(s.follow().with("actor", "file:///etc/passwd")));
        all.put("an actor that is script", s -> s.post(s.follow().with("actor", "javascript:alert(1)")));
        all.put(
                "an actor that is a DID",
                s -> s.post(s.follow().with("actor", "did:key:z6Mk").with("id", "did:key:z6Mk")));
        all.put(
                "a host that looks like the victim's",
                s -> s.post(s.follow()
                        .with("actor", "http://loc\u0430lhost:8081/ap/u/alice")
                        .with("id", "http://loc\u0430lhost:8081/x")));
        all.put(
                "user info that looks like a host",
                s -> s.post(s.follow()
                        .with("actor", "http://localhost:8081@localhost:6666/u/eve")
                        .with("id", "http://localhost:8081@localhost:6666/x")));
        all.put(
                "another port of the victim's host",
                s -> s.post(s.follow()
                        .with("actor", "http://localhost:1/ap/u/alice")
                        .with("id", "http://localhost:1/x")));
        return cases(REFUSED, all);
    }

    @TestFactory
    Stream<DynamicTest> keys() {
        Map<String, ToIntFunction<Scene>> all = new LinkedHashMap<>();
        ToIntFunction<Scene> asAlice = s ->
                s.post(s.follow().with("actor", s.alice.id()).with("id", A + "/x"), EVE_HOST + "/k#main-key", KEYS);
        all.put("a document that claims to be the victim", s -> {
            s.actor(EVE_HOST + "/k", s.alice.id(), KEYS);
            return asAlice.applyAsInt(s);
        });
        all.put("a key that names the victim as its owner", s -> {
            key(s, EVE_HOST + "/k", s.alice.id());
            return asAlice.applyAsInt(s);
        });
        all.put("a key whose owner does not list it", s -> {
            key(s, EVE_HOST + "/k", EVE);
            return s.post(s.follow(), EVE_HOST + "/k", KEYS);
        });
        all.put("a key document that is an uploaded text file", s -> {
            s.net.document(
                    EVE_HOST + "/k",
                    "text/plain",
                    Scene.person(EVE, Pem.write(KEYS.getPublic())).json());
            return s.post(s.follow(), EVE_HOST + "/k", KEYS);
        });
        all.put("a key document that is plain JSON", s -> {
            s.net.document(
                    EVE_HOST + "/k",
                    "application/json",
                    Scene.person(EVE, Pem.write(KEYS.getPublic())).json());
            return s.post(s.follow(), EVE_HOST + "/k", KEYS);
        });
        all.put("a key document that redirects to the inside", s -> {
            s.net.answer(EVE_HOST + "/k", HttpResponse.of(302).with("Location", "http://169.254.169.254/latest"));
            return s.post(s.follow(), EVE_HOST + "/k#main-key", KEYS);
        });
        all.put("a key document of two megabytes", s -> {
            s.net.document(EVE_HOST + "/k", "application/activity+json", " ".repeat(2 << 20) + "{}");
            return s.post(s.follow(), EVE_HOST + "/k#main-key", KEYS);
        });
        all.put("a key document as deep as a well", s -> {
            s.net.document(
                    EVE_HOST + "/k", "application/activity+json", "{\"a\":" + "[".repeat(90) + "]".repeat(90) + "}");
            return s.post(s.follow(), EVE_HOST + "/k#main-key", KEYS);
        });
        all.put("a key of 1024 bits", s -> other(s, keys("RSA", 1024)));
        all.put("an elliptic key", s -> other(s, Pem.write(keys("EC", 256).getPublic())));
        all.put("a key that is garbage", s -> other(s, "-----BEGIN PUBLIC KEY-----\n!!!\n-----END PUBLIC KEY-----"));
        all.put("a key of a hundred kilobytes", s -> other(s, "-----BEGIN PUBLIC KEY-----" + "A".repeat(100_000)));
        all.put("a key id that is a file", s -> s.post(s.follow(), "file:///etc/passwd", KEYS));
        all.put("a key id that is relative", s -> s.post(s.follow(), "/u/eve#main-key", KEYS));
        all.put("a key id that is endless", s -> s.post(s.follow(), EVE + "?" + "x".repeat(3_000), KEYS));
        all.put("a key id that nobody answers", s -> s.post(s.follow(), "http://localhost:9999/u/x#k", KEYS));
        all.put("another's key", s -> s.post(s.follow(), s.alice.id() + "#main-key", KEYS));
        return cases(REFUSED, all);
    }

    private static void key(Scene scene, String url, String owner) {
        scene.net.document(
                url,
                "application/activity+json",
                ApObject.of(Map.of())
                        .with("@context", ApObject.CONTEXT)
                        .with("id", url)
                        .with("owner", owner)
                        .with("publicKeyPem", Pem.write(KEYS.getPublic()))
                        .json());
    }

    private static int other(Scene scene, KeyPair keys) {
        scene.actor(EVE_HOST + "/u/eve2", EVE_HOST + "/u/eve2", keys);
        return scene.post(scene.follow().with("actor", EVE_HOST + "/u/eve2"), EVE_HOST + "/u/eve2#main-key", keys);
    }

    private static int other(Scene scene, String pem) {
        scene.actor(EVE_HOST + "/u/eve2", EVE_HOST + "/u/eve2", pem);
        return scene.post(scene.follow().with("actor", EVE_HOST + "/u/eve2"), EVE_HOST + "/u/eve2#main-key", KEYS);
    }

    private static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> signatures() {
        Map<String, ToIntFunction<Scene>> all = new LinkedHashMap<>();
        all.put("no signature", s -> {
            byte[] body = s.follow().json().getBytes(UTF_8);
            return s.send(INBOX, HttpHeaders.of("Content-Type", "application/activity+json"), body);
        });
        all.put("the key of another", s -> s.post(s.follow(), EVE_KEY, TestKeys.ALICE));
        all.put("a body that was exchanged", s -> {
            HttpHeaders headers = s.signed(s.activity("Like", s.bob.id()).json().getBytes(UTF_8));
            return s.send(INBOX, headers, s.follow().json().getBytes(UTF_8));
        });
        all.put("a request for another server", s -> {
            byte[] body = s.follow().json().getBytes(UTF_8);
            return s.send(INBOX, s.signed(A + "/ap/inbox", body, EVE_KEY, KEYS, SignatureScheme.CAVAGE), body);
        });
        all.put("a request for another inbox", s -> {
            byte[] body = s.follow().json().getBytes(UTF_8);
            return s.send(s.bob.id() + "/inbox", s.signed(INBOX, body, EVE_KEY, KEYS, SignatureScheme.RFC9421), body);
        });
        all.put("a request of yesterday", s -> {
            byte[] body = s.follow().json().getBytes(UTF_8);
            HttpHeaders headers = s.signed(body);
            s.net.advance(java.time.Duration.ofDays(1));
            return s.send(INBOX, headers, body);
        });
        all.put("a request of tomorrow", s -> {
            byte[] body = s.follow().json().getBytes(UTF_8);
            s.net.advance(java.time.Duration.ofDays(1));
            HttpHeaders headers = s.signed(body);
            s.net.advance(java.time.Duration.ofDays(-1));
            return s.send(INBOX, headers, body);
        });
        all.put(
                "two signatures",
                s -> changed(s, h -> h.with("Signature", h.first("Signature").orElseThrow())));
        all.put("a digest by MD5", s -> changed(s, h -> h.replace("Digest", "MD5=aaaa")));
        all.put("no digest", s -> changed(s, h -> h.without("Digest")));
        all.put("a signature that covers the date alone", s -> covering(s, "date"));
        all.put("a signature without the host", s -> covering(s, "(request-target) date digest"));
        all.put("a signature without the digest", s -> covering(s, "(request-target) host date"));
        all.put("a signature by a shared secret", s -> replaced(s, "rsa-sha256", "hmac-sha256"));
        all.put("a signature by no algorithm", s -> replaced(s, "rsa-sha256", "none"));
        all.put("a signature of nothing", s -> changed(s, h -> h.replace("Signature", "keyId=\"" + EVE_KEY + "\"")));
        all.put("eight kilobytes of equals signs", s -> changed(s, h -> h.replace("Signature", "a=".repeat(4_000))));
        all.put(
                "eight kilobytes of quotes and commas",
                s -> changed(s, h -> h.replace("Signature", "\",".repeat(4_000))));
        all.put("ten kilobytes", s -> changed(s, h -> h.replace("Signature", "a=\"" + "b".repeat(10_000) + "\"")));
        all.put(
                "two message signatures",
                s -> message(
                        s,
                        h -> h.replace(
                                "Signature-Input",
                                doubled(h.first("Signature-Input").orElseThrow()))));
        all.put(
                "a message signature without a time",
                s -> message(
                        s,
                        h -> h.replace(
                                "Signature-Input",
                                h.first("Signature-Input").orElseThrow().replaceFirst(";created=\\d+", ""))));
        all.put(
                "a message signature that covers nothing",
                s -> message(
                        s,
                        h -> h.replace(
                                "Signature-Input",
                                h.first("Signature-Input").orElseThrow().replaceFirst("\\([^)]*\\)", "()"))));
        all.put(
                "a message signature with a dictionary bomb",
                s -> message(s, h -> h.replace("Signature-Input", "a=(),".repeat(1_500))));
        return cases(REFUSED, all);
    }

    private static String doubled(String input) {
        return input + ", " + input.replaceFirst("sig1", "sig2");
    }

    private static int changed(Scene scene, java.util.function.UnaryOperator<HttpHeaders> change) {
        byte[] body = scene.follow().json().getBytes(UTF_8);
        return scene.send(INBOX, change.apply(scene.signed(body)), body);
    }

    private static int message(Scene scene, java.util.function.UnaryOperator<HttpHeaders> change) {
        byte[] body = scene.follow().json().getBytes(UTF_8);
        HttpHeaders headers = scene.signed(INBOX, body, EVE_KEY, KEYS, SignatureScheme.RFC9421);
        return scene.send(INBOX, change.apply(headers), body);
    }

    private static int replaced(Scene scene, String what, String by) {
        return changed(
                scene,
                h -> h.replace("Signature", h.first("Signature").orElseThrow().replace(what, by)));
    }

    private static int covering(Scene scene, String names) {
        return replaced(scene, "(request-target) host date digest", names);
    }

    @TestFactory
    Stream<DynamicTest> documents() {
        Map<String, ToIntFunction<Scene>> all = new LinkedHashMap<>();
        all.put("an empty body", s -> s.post(""));
        all.put("a list", s -> s.post("[" + s.follow().json() + "]"));
        all.put("half a document", s -> s.post(s.follow().json().substring(0, 60)));
        all.put("a document and a half", s -> s.post(s.follow().json() + "{"));
        all.put("a name twice", s -> s.post(s.follow().json().replaceFirst("\\{", "{\"type\":\"Like\",")));
        all.put("half a surrogate pair", s -> s.post(s.follow().json().replaceFirst("\\{", "{\"a\":\"\\\\ud800\",")));
        all.put("a number of a thousand digits", s -> s.post(with(s, "\"a\":" + "9".repeat(1_000))));
        all.put("not a number", s -> s.post(with(s, "\"a\":NaN")));
        all.put("a comment", s -> s.post(with(s, "/* */\"a\":1")));
        all.put("nesting beyond the limit", s -> s.post(with(s, "\"a\":" + "[".repeat(90) + "]".repeat(90))));
        all.put(
                "objects nested beyond the limit",
                s -> s.post(with(s, "\"a\":" + "{\"a\":".repeat(90) + "1" + "}".repeat(90))));
        all.put(
                "more values than the limit",
                s -> s.post(with(s, "\"a\":[" + "1,".repeat(Limits.DEFAULT.jsonValues()) + "1]")));
        all.put(
                "a string beyond the limit",
                s -> s.post(with(s, "\"a\":\"" + "x".repeat(Limits.DEFAULT.stringLength() + 1) + "\"")));
        all.put("a name beyond the limit", s -> s.post(with(s, "\"" + "x".repeat(3_000) + "\":1")));
        all.put("a megabyte of blanks", s -> s.post(s.follow().json() + " ".repeat(1 << 20)));
        all.put("a body that claims to be zipped", s -> {
            byte[] bomb = Base64.getDecoder().decode("H4sIAAAAAAAAA+3BAQ0AAADCoPdPbQ8HFAAAAAAAAAAAAAAAAAAAAA==");
            return s.send(INBOX, s.signed(bomb).with("Content-Encoding", "gzip"), bomb);
        });
        all.put("UTF-16", s -> {
            byte[] body = s.follow().json().getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
            byte[] odd = java.util.Arrays.copyOf(body, body.length + 1);
            return s.send(INBOX, s.signed(odd), odd);
        });
        all.put(
                "a graph",
                s -> s.post(s.follow().with("@graph", List.of(s.follow().json()))));
        all.put("something included", s -> s.post(s.follow().with("@included", List.of("x"))));
        all.put("something reversed", s -> s.post(s.follow().with("@reverse", Map.of("a", "b"))));
        all.put("a context of the attacker's", s -> s.post(s.follow().with("@context", EVE_HOST + "/context")));
        all.put("no context", s -> s.post(s.follow().without("@context")));
        all.put("no type", s -> s.post(s.follow().without("type")));
        all.put("another content type", s -> {
            byte[] body = s.follow().json().getBytes(UTF_8);
            return s.send(INBOX, s.signed(body).replace("Content-Type", "text/plain"), body);
        });
        all.put("an inbox of nobody", s -> s.postTo(B + "/ap/u/nobody/inbox", s.follow()));
        all.put("an inbox behind dots", s -> s.postTo(B + "/ap/u/x/../bob/inbox", s.follow()));
        return cases(REFUSED, all);
    }

    private static String with(Scene scene, String member) {
        String json = scene.follow().json();
        return json.substring(0, json.length() - 1) + "," + member + "}";
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotTheirOwn() {
        Map<String, ToIntFunction<Scene>> all = new LinkedHashMap<>();
        all.put("an Update of another's live", s -> s.post(s.activity("Update", forged(s))));
        all.put(
                "a Create of another's live",
                s -> s.post(s.activity("Create", forged(s).with("attributedTo", EVE))));
        all.put("an Announce by nobody we follow", s -> s.post(s.activity("Announce", s.live.id())));
        all.put("a Delete of another's live", s -> s.post(s.activity("Delete", s.live.id())));
        all.put("a Delete of another actor", s -> s.post(s.activity("Delete", s.alice.id())));
        all.put("a Delete of our own actor", s -> s.post(s.activity("Delete", s.bob.id())));
        all.put(
                "an invitation to another's stage",
                s -> s.post(s.activity("Invite", s.live.id()).with("target", s.bob.id())));
        all.put(
                "an invitation of nobody here",
                s -> s.post(s.activity("Invite", s.live.id()).with("target", EVE)));
        all.put(
                "the answer to another's invitation",
                s -> s.postTo(A + "/ap/inbox", s.activity("Reject", s.invite.id())));
        all.put("the leaving of another", s -> s.postTo(A + "/ap/inbox", s.activity("Leave", s.live.id())));
        all.put(
                "a guest taken off by a stranger",
                s -> s.post(s.activity("Remove", s.bob.id()).with("target", s.live.id() + "/guests")));
        all.put(
                "a guest added by a stranger",
                s -> s.post(s.activity("Add", s.bob.id()).with("target", s.live.id() + "/guests")));
        all.put(
                "another's invitation taken back",
                s -> s.post(s.activity("Undo", ApObject.ofType("Invite").with("id", s.invite.id()))));
        all.put(
                "another's follow taken back",
                s -> s.postTo(
                        A + "/ap/inbox",
                        s.activity(
                                "Undo",
                                ApObject.ofType("Follow")
                                        .with("actor", s.bob.id())
                                        .with("object", s.channel.id()))));
        all.put(
                "an Accept of a follow that was not asked of them",
                s -> s.post(s.activity(
                        "Accept",
                        ApObject.ofType("Follow").with("actor", s.bob.id()).with("object", EVE))));
        all.put(
                "a move of another actor",
                s -> s.post(s.activity("Move", s.alice.id()).with("target", EVE)));
        all.put("a block of another actor", s -> s.post(s.activity("Block", s.bob.id())));
        all.put("an object that points to itself", s -> s.post(s.activity("Announce", EVE_HOST + "/activities/1")));
        all.put("a collection that never ends", s -> {
            s.net.document(
                    EVE_HOST + "/page",
                    "application/activity+json",
                    ApObject.ofType("OrderedCollectionPage")
                            .with("@context", ApObject.CONTEXT)
                            .with("id", EVE_HOST + "/page")
                            .with("next", EVE_HOST + "/page")
                            .json());
            int status = s.post(s.activity("Create", EVE_HOST + "/page"));
            assertThat(s.net.requests("/page")).isLessThan(3);
            return status;
        });
        return cases(WITHOUT_EFFECT, all);
    }

    private static ApObject forged(Scene scene) {
        return scene.net
                .get(scene.live.id())
                .without("@context")
                .with("name", "Taken over")
                .with("updated", scene.net.now().plusSeconds(60));
    }

    @TestFactory
    Stream<DynamicTest> access() {
        Map<String, ToIntFunction<Scene>> all = new LinkedHashMap<>();
        all.put("a stranger on the stage", s -> s.postTo(s.live.id() + "/access", s.activity("Join", s.live.id())));
        all.put(
                "a stranger in the guest's name",
                s -> s.postTo(
                        s.live.id() + "/access", s.activity("Join", s.live.id()).with("actor", s.bob.id())));
        all.put("no Join", s -> s.postTo(s.live.id() + "/access", s.activity("Follow", s.live.id())));
        all.put("a Join elsewhere", s -> s.postTo(s.live.id() + "/access", s.activity("Join", A + "/ap/videos/x")));
        all.put("a live that is not", s -> s.postTo(A + "/ap/videos/none/access", s.activity("Join", s.live.id())));
        return cases(REFUSED, all);
    }

    @TestFactory
    Stream<DynamicTest> repetitions() {
        Map<String, ToIntFunction<Scene>> all = new LinkedHashMap<>();
        all.put("an id that was used up before its owner came", s -> {
            String id = A + "/ap/activities/next";
            int refused = s.post(s.follow().with("actor", s.alice.id()).with("id", id));
            assertThat(refused).isEqualTo(401);
            return 202;
        });
        all.put("an activity that comes again", s -> {
            ApObject like = s.activity("Like", s.live.id());
            s.post(like);
            int again = s.post(like);
            assertThat(s.heard).filteredOn("Like"::equals).hasSize(1);
            return again;
        });
        all.put("another activity under an id that was here", s -> {
            ApObject like = s.activity("Like", s.live.id());
            s.post(like);
            return s.post(s.follow().with("id", like.id().orElseThrow()));
        });
        return cases(WITHOUT_EFFECT, all);
    }
}
