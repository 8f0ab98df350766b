// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.activitypub.ActorPublicKey;
import dev.tributary.activitypub.KeyDirectory;
import dev.tributary.activitypub.RequestSigner;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.activitypub.SignatureVerifier;
import dev.tributary.activitypub.VerifiedActor;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Signing a request to another instance with an RSA key of 2,048 bits, and verifying what came from one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SignatureBenchmark {
    private static final String INSTANCE = "https://tv.example";
    private static final URI INBOX = URI.create(INSTANCE + "/inbox");
    private static final String SIGNER = "https://live.example/actor";
    private static final String KEY_ID = SIGNER + "#main-key";
    private static final InetSocketAddress PEER = InetSocketAddress.createUnresolved("live.example", 443);

    /** How. */
    @Param
    public SignatureScheme scheme = SignatureScheme.CAVAGE;

    private final byte[] body = "{\"type\":\"Update\"}".repeat(64).getBytes(StandardCharsets.UTF_8);
    private @Nullable RequestSigner signer;
    private @Nullable SignatureVerifier verifier;
    private @Nullable HttpRequest signed;

    /** A key that is known already: what is measured asks nobody. */
    private record KnownKey(PublicKey key) implements KeyDirectory {
        @Override
        public CompletionStage<ActorPublicKey> find(String keyId) {
            return CompletableFuture.completedFuture(new ActorPublicKey(keyId, SIGNER, key));
        }

        @Override
        public CompletionStage<ActorPublicKey> refresh(String keyId) {
            return find(keyId);
        }
    }

    /** Makes a key, and a signed request that is verified again and again. */
    @Setup
    public void makeKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        KeyPair pair = generator.generateKeyPair();
        RequestSigner made = RequestSigner.of(KEY_ID, pair.getPrivate()).withScheme(scheme);
        signer = made;
        verifier = SignatureVerifier.of(INSTANCE, new KnownKey(pair.getPublic()));
        HttpHeaders headers = made.sign("POST", INBOX, HttpHeaders.EMPTY, body);
        signed = new HttpRequest("POST", INBOX.getPath(), "", headers, body, PEER);
        verify();
    }

    /** One POST of 1 KB. */
    @Benchmark
    public HttpHeaders sign() {
        return ready(signer).sign("POST", INBOX, HttpHeaders.EMPTY, body);
    }

    /** The same POST received: digest, date, covered fields, signature. */
    @Benchmark
    public VerifiedActor verify() {
        return ready(verifier).verify(ready(signed)).toCompletableFuture().join();
    }

    private static <T> T ready(@Nullable T made) {
        if (made == null) {
            throw new IllegalStateException("Set up first");
        }
        return made;
    }
}
