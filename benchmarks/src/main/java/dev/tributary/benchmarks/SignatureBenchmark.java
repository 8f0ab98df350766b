// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.activitypub.RequestSigner;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.core.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
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

/** Signing a request to another instance with an RSA key of 2,048 bits. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SignatureBenchmark {
    private static final URI INBOX = URI.create("https://tv.example/inbox");

    /** How. */
    @Param
    public SignatureScheme scheme = SignatureScheme.CAVAGE;

    private final byte[] body = "{\"type\":\"Update\"}".repeat(64).getBytes(StandardCharsets.UTF_8);
    private @Nullable RequestSigner signer;

    /** Makes a key. */
    @Setup
    public void makeKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        signer = RequestSigner.of(
                        "https://live.example/actor#main-key",
                        generator.generateKeyPair().getPrivate())
                .withScheme(scheme);
    }

    /** One POST of 1 KB. */
    @Benchmark
    public HttpHeaders sign() {
        RequestSigner ready = signer;
        if (ready == null) {
            throw new IllegalStateException("No key");
        }
        return ready.sign("POST", INBOX, HttpHeaders.EMPTY, body);
    }
}
