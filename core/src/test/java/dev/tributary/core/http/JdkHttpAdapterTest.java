// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdkHttpAdapterTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<HttpStream> opened = new LinkedBlockingQueue<>();
    private final CompletableFuture<HttpResponse> never = new CompletableFuture<>();
    private com.sun.net.httpserver.HttpServer jdk;

    @BeforeEach
    void start() throws Exception {
        HttpLimits limits = HttpLimits.DEFAULTS
                .withMaxBodyBytes(1000)
                .withMaxStreamBacklogBytes(64 << 10)
                .withTimeouts(
                        Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofSeconds(1));
        jdk = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        jdk.setExecutor(threads);
        jdk.createContext("/", new JdkHttpAdapter(this::handle, limits));
        jdk.start();
    }

    @AfterEach
    void stop() {
        jdk.stop(0);
        threads.shutdownNow();
    }

    private java.util.concurrent.CompletionStage<HttpResponse> handle(HttpRequest request) {
        switch (request.path()) {
            case "/never":
                return never;
            case "/fails":
                throw new IllegalStateException("hunter2");
            case "/null":
                return CompletableFuture.completedFuture(null);
            case "/events":
                return CompletableFuture.completedFuture(
                        new HttpResponse(200, HttpHeaders.EMPTY, new HttpBody.Stream(opened::add)));
            default:
                return CompletableFuture.completedFuture(HttpResponse.of(
                        200,
                        "text/plain",
                        request.method() + " " + request.target() + " " + request.bodyText() + " "
                                + request.header("x-test").orElse("-")));
        }
    }

    private RawPeer peer() throws Exception {
        return new RawPeer(jdk.getAddress().getPort());
    }

    @Test
    void carriesRequestsAndResponses() throws Exception {
        try (RawPeer peer = peer()) {
            peer.send("POST /a%2Fb?x=%20 HTTP/1.1\r\nHost: a\r\nX-Test: y\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(peer.response()).startsWith("HTTP/1.1 200 OK").endsWith("POST /a%2Fb?x=%20 hi y");
        }
    }

    @Test
    void answersHeadWithTheLengthAndWithoutTheBody() throws Exception {
        try (RawPeer peer = peer()) {
            peer.send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(peer.head()).containsIgnoringCase("content-length: 10\r\n");
            peer.send("GET /n HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(peer.response()).endsWith("GET /n  -");
        }
    }

    @Test
    void takesABodyOfTheLimitAndRefusesOneByteMore() throws Exception {
        try (RawPeer peer = peer()) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1000));
            assertThat(peer.response()).startsWith("HTTP/1.1 200 ");
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1001));

            assertThat(peer.response()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void answersForHandlersThatFailOrDoNotAnswer() throws Exception {
        for (String path : new String[] {"/fails", "/null", "/never"}) {
            try (RawPeer peer = peer()) {
                assertThat(peer.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")
                                .response())
                        .startsWith(path.equals("/never") ? "HTTP/1.1 503 " : "HTTP/1.1 500 ")
                        .contains("application/problem+json")
                        .doesNotContain("hunter2");
            }
        }
    }

    @Test
    void streamsUntilTheStreamIsClosed() throws Exception {
        try (RawPeer peer = peer()) {
            peer.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n").head();
            HttpStream stream = opened.poll(10, TimeUnit.SECONDS);
            stream.write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
            assertThat(peer.readUntil("data: 1\n\n\r\n")).isEqualTo("9\r\ndata: 1\n\n\r\n");
            stream.close();

            assertThat(peer.readUntil("0\r\n\r\n")).isEqualTo("0\r\n\r\n");
            assertThat(stream.write(new byte[1])).isFalse();
        }
    }

    @Test
    void disconnectsAPeerThatReadsTooSlowly() throws Exception {
        try (RawPeer peer = peer()) {
            peer.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n").head();
            HttpStream stream = opened.poll(10, TimeUnit.SECONDS);
            long most = 64L << 20;
            long sent = 0;
            while (sent < most && stream.write(new byte[16 << 10])) {
                sent += 16 << 10;
            }

            assertThat(sent).isLessThan(most);
            assertThat(stream.write(new byte[1])).isFalse();
        }
    }
}
