// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.whipwhep.WhipWhep;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the WHIP and WHEP handler costs, without a network and without media: a recorded Chromium offer of 10.6 KB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WhipBenchmark {
    private static final String ENDPOINT = "/live/room/whep";
    private static final HttpHeaders SDP = HttpHeaders.of("Content-Type", "application/sdp");
    private static final HttpHeaders FRAGMENT =
            HttpHeaders.of("Content-Type", "application/trickle-ice-sdpfrag", "If-Match", "\"1\"");

    private final InetSocketAddress remote = new InetSocketAddress("192.0.2.1", 50_000);
    private final byte[] candidate =
            "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host\r\n"
                    .getBytes(StandardCharsets.UTF_8);
    private WhipWhep live = StubMedia.server("");
    private byte[] offer = {};

    /** Reads the recording. */
    @Setup
    public void read() throws IOException {
        offer = Offers.chromium()
                .replaceAll("a=(sendrecv|sendonly|inactive)", "a=recvonly")
                .getBytes(StandardCharsets.UTF_8);
        live = StubMedia.server(Offers.chromium());
    }

    /** A session is opened and ended: POST, DELETE. */
    @Benchmark
    public int openAndEnd() {
        HttpResponse created = handle("POST", ENDPOINT, SDP, offer);
        HttpResponse ended = handle("DELETE", location(created), HttpHeaders.EMPTY, new byte[0]);
        return expect(ended, 200);
    }

    /** The same, with one candidate between: POST, PATCH, DELETE. */
    @Benchmark
    public int openTrickleAndEnd() {
        String session = location(handle("POST", ENDPOINT, SDP, offer));
        int taken = expect(handle("PATCH", session, FRAGMENT, candidate), 204);
        return taken + expect(handle("DELETE", session, HttpHeaders.EMPTY, new byte[0]), 200);
    }

    private static String location(HttpResponse created) {
        expect(created, 201);
        return created.headers().first("Location").orElseThrow();
    }

    private static int expect(HttpResponse response, int status) {
        if (response.status() != status) {
            throw new IllegalStateException("Answered " + response.status() + " instead of " + status);
        }
        return status;
    }

    private HttpResponse handle(String method, String path, HttpHeaders headers, byte[] body) {
        return live.handle(new HttpRequest(method, path, "", headers, body, remote))
                .toCompletableFuture()
                .join();
    }
}
