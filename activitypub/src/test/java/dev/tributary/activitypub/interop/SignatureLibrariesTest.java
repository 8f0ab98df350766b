// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.RequestSigner;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.activitypub.Stores;
import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpServer;
import dev.tributary.core.http.OutboundRequest;
import dev.tributary.testkit.foreign.ForeignProgram;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What PeerTube and Misskey verify signatures with says yes to ours and no to broken ones; Misskey's are taken by us. */
class SignatureLibrariesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final KeyPair KEYS = Pem.generate();
    private static final KeyPair OTHERS = Pem.generate();
    private static ForeignProgram verifiers;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        port = freePort();
        verifiers = NodeProgram.start("verifiers.mjs", String.valueOf(port));
        verifiers.awaitLine("READY", PATIENCE);
    }

    @AfterAll
    static void stop() {
        if (verifiers != null) {
            verifiers.close();
        }
    }

    private static ApObject verdicts(OutboundRequest request) throws Exception {
        try (GuardedHttpClient client =
                GuardedHttpClient.builder().allowPrivateAddresses(true).build()) {
            HttpResponse response =
                    client.send(request).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return ApObject.parse(new String(((HttpBody.Bytes) response.body()).bytes(), UTF_8));
        }
    }

    private static OutboundRequest post(KeyPair published) {
        String key = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(published.getPublic().getEncoded());
        return OutboundRequest.post(
                URI.create("http://localhost:" + port + "/" + key + "?query=1"),
                "application/activity+json",
                "{\"type\":\"Follow\"}");
    }

    private static RequestSigner signer() {
        return RequestSigner.of("http://localhost:1/u/alice#main-key", KEYS.getPrivate());
    }

    @Test
    void bothVerifyWhatWeSign() throws Exception {
        ApObject verdicts = verdicts(signer().sign(post(KEYS)));

        assertThat(verdicts.flag("peertube")).as(verdicts.json()).isTrue();
        assertThat(verdicts.flag("misskey")).as(verdicts.json()).isTrue();
    }

    @Test
    void bothRefuseAnotherKey() throws Exception {
        ApObject verdicts = verdicts(signer().sign(post(OTHERS)));

        assertThat(verdicts.flag("peertube")).isFalse();
        assertThat(verdicts.flag("misskey")).isFalse();
    }

    @Test
    void bothRefuseWhatWasSignedAnHourAgo() throws Exception {
        Instant before = Instant.now().minusSeconds(3600);

        ApObject verdicts = verdicts(signer().withClock(() -> before).sign(post(KEYS)));

        assertThat(verdicts.flag("peertube")).isFalse();
        assertThat(verdicts.flag("misskey")).isFalse();
    }

    @Test
    void takesWhatMisskeySigns() throws Exception {
        int ourPort = freePort();
        CompletableFuture<String> received = new CompletableFuture<>();
        String id = "http://localhost:" + ourPort + "/strangers/eve";
        String document = ApObject.ofType("Person")
                .with("@context", ApObject.CONTEXT)
                .with("id", id)
                .with("preferredUsername", "eve")
                .with("inbox", id + "/inbox")
                .with("publicKey", Map.of("id", id + "#key", "owner", id, "publicKeyPem", Pem.write(KEYS.getPublic())))
                .json();
        try (ActivityPub ours = ActivityPub.builder("http://localhost:" + ourPort)
                        .store(Stores.memory())
                        .allowPrivateAddresses(true)
                        .listener(new dev.tributary.activitypub.FediverseListener() {
                            @Override
                            public void received(ApObject activity, dev.tributary.activitypub.VerifiedActor actor) {
                                received.complete(actor.scheme() + " " + activity.type());
                            }
                        })
                        .build();
                HttpServer server = HttpServer.bind(ourPort)
                        .mount(
                                "/strangers",
                                request -> CompletableFuture.completedFuture(
                                        HttpResponse.of(200, "application/activity+json", document)))
                        .mount("/", ours)
                        .start()) {
            String body = ApObject.ofType("Like")
                    .with("@context", ApObject.CONTEXT)
                    .with("id", id + "/likes/1")
                    .with("actor", id)
                    .with("object", ours.instanceActor().id())
                    .json();
            verifiers.send("sign http://localhost:" + server.port() + "/ap/inbox " + id + "#key "
                    + Base64.getEncoder().encodeToString(KEYS.getPrivate().getEncoded()) + " "
                    + Base64.getEncoder().encodeToString(body.getBytes(UTF_8)));

            assertThat(verifiers.awaitLine("ANSWER", PATIENCE)).isEqualTo("202");
            assertThat(received.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(SignatureScheme.CAVAGE + " Like");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
