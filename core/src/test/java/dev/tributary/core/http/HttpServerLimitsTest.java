// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit of the server at its edge and one past it, and the ambiguities that request smuggling is made of. */
@Timeout(60)
class HttpServerLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);

    private final AtomicInteger handled = new AtomicInteger();
    private final HttpHandler length = request -> {
        handled.incrementAndGet();
        return CompletableFuture.completedFuture(HttpResponse.of(200, "text/plain", "" + request.body().length));
    };

    private HttpServer serve(HttpLimits limits) {
        return serve(limits, length);
    }

    private static HttpServer serve(HttpLimits limits, HttpHandler handler) {
        return HttpServer.bind(0)
                .host("127.0.0.1")
                .limits(limits)
                .mount("/", handler)
                .start();
    }

    private String exchange(HttpLimits limits, String request) throws Exception {
        try (HttpServer server = serve(limits);
                RawPeer peer = new RawPeer(server.port())) {
            return peer.send(request).response();
        }
    }

    private static HttpLimits timeouts(Duration request, Duration response, Duration idle) {
        return HttpLimits.DEFAULTS.withTimeouts(request, response, idle, SHORT);
    }

    @Test
    void takesABodyOfTheLimitAndRefusesOneByteMore() throws Exception {
        HttpLimits limits = HttpLimits.DEFAULTS.withMaxBodyBytes(1000);
        String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";

        assertThat(exchange(limits, head + "1000\r\n\r\n" + "x".repeat(1000))).endsWith("\r\n\r\n1000");
        assertThat(exchange(limits, head + "1001\r\n\r\n" + "x".repeat(1001)))
                .startsWith("HTTP/1.1 413 ")
                .contains("application/problem+json");
        assertThat(exchange(limits, head + "99999999999999999999999\r\n\r\n")).startsWith("HTTP/1.1 4");
        assertThat(handled).hasValue(1);
    }

    @Test
    void refusesAChunkedBodyOnceItIsTooLarge() throws Exception {
        HttpLimits limits = HttpLimits.DEFAULTS.withMaxBodyBytes(1000);
        String head =
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + "x".repeat(1000) + "\r\n";

        assertThat(exchange(limits, head + "0\r\n\r\n")).endsWith("\r\n\r\n1000");
        assertThat(exchange(limits, head + "1\r\nx\r\n0\r\n\r\n")).startsWith("HTTP/1.1 413 ");
        assertThat(handled).hasValue(1);
    }

    @Test
    void doesNotInviteABodyThatItWouldRefuse() throws Exception {
        assertThat(exchange(
                        HttpLimits.DEFAULTS.withMaxBodyBytes(10),
                        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void deliversTheRefusalToAPeerThatIsStillSending() throws Exception {
        try (HttpServer server = serve(HttpLimits.DEFAULTS);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
            peer.send("x".repeat(3_000_000));

            assertThat(peer.rest()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void refusesARequestLineThatIsTooLong() throws Exception {
        // The line is "GET /… HTTP/1.1": 14 characters beside the path after its slash.
        String fits = "x".repeat(8192 - 14);

        assertThat(exchange(HttpLimits.DEFAULTS, "GET /" + fits + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(exchange(HttpLimits.DEFAULTS, "GET /" + fits + "x HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
    }

    @Test
    void refusesHeaderFieldsThatAreTooLargeOrTooMany() throws Exception {
        String head = "GET / HTTP/1.1\r\nHost: a\r\n";

        assertThat(exchange(HttpLimits.DEFAULTS, head + "X: " + "y".repeat(17_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(exchange(HttpLimits.DEFAULTS, head + "X: y\r\n".repeat(99) + "\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(exchange(HttpLimits.DEFAULTS, head + "X: y\r\n".repeat(100) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 5\r\n\r\nabcde",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX Y: a\r\n\r\n",
                "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n",
                "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000 TLS hello\r\n\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void refusesWhatCouldBeReadInTwoWaysAndReadsNothingAfterIt(String request) throws Exception {
        try (HttpServer server = serve(HttpLimits.DEFAULTS);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

            String all = peer.rest();
            assertThat(all).matches("(?s)HTTP/1.1 (400|505) .*").containsIgnoringCase("connection: close");
            assertThat(all.split("HTTP/1\\.1 \\d{3} ", -1)).hasSize(2);
            assertThat(handled).hasValue(0);
        }
    }

    @Test
    void refusesAConnectionBeyondTheLimitAndTakesOneAgainLater() throws Exception {
        HttpLimits limits = HttpLimits.DEFAULTS.withMaxConnections(2).withTimeouts(LONG, LONG, LONG, SHORT);
        String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        try (HttpServer server = serve(limits)) {
            RawPeer first = new RawPeer(server.port());
            RawPeer second = new RawPeer(server.port());
            assertThat(first.send(get).response()).startsWith("HTTP/1.1 200 ");
            assertThat(second.send(get).response()).startsWith("HTTP/1.1 200 ");
            try (RawPeer third = new RawPeer(server.port())) {
                assertThat(third.send(get).rest()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after");
            }
            first.close();
            second.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
            second.close();

            String later = "";
            while (!later.startsWith("HTTP/1.1 200 ")) { // until the server has seen the others close
                try (RawPeer fourth = new RawPeer(server.port())) {
                    later = fourth.send(get).response();
                }
            }
        }
    }

    @Test
    void answersARequestThatTakesTooLongToArrive() throws Exception {
        for (String start : new String[] {
            "G", "GET / HTTP/1.1\r\nHost: a", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab"
        }) {
            try (HttpServer server = serve(timeouts(SHORT, LONG, LONG));
                    RawPeer peer = new RawPeer(server.port())) {
                assertThat(peer.send(start).rest()).startsWith("HTTP/1.1 408 ");
            }
        }
    }

    @Test
    void countsTheTimeOfARequestFromItsFirstByteHoweverManyFollow() throws Exception {
        try (HttpServer server = serve(timeouts(SHORT, LONG, LONG));
                RawPeer peer = new RawPeer(server.port())) {
            peer.socket.setSoTimeout(20);
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n");
            String answer = "";
            while (answer.isEmpty()) {
                peer.send("X: drip\r\n");
                try {
                    answer = peer.head();
                } catch (java.net.SocketTimeoutException nothingYet) {
                    continue;
                }
            }

            assertThat(answer).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void closesAnIdleConnectionWithoutAWord() throws Exception {
        try (HttpServer server = serve(timeouts(LONG, LONG, SHORT));
                RawPeer fresh = new RawPeer(server.port());
                RawPeer used = new RawPeer(server.port())) {
            used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").response();

            assertThat(fresh.rest()).isEmpty();
            assertThat(used.rest()).isEmpty();
        }
    }

    @Test
    void answersForAHandlerThatDoesNotAndDropsItsLateAnswer() throws Exception {
        CompletableFuture<HttpResponse> never = new CompletableFuture<>();
        HttpHandler handler = request -> request.path().equals("/slow") ? never : length.handle(request);
        try (HttpServer server = serve(timeouts(LONG, SHORT, LONG), handler);
                RawPeer peer = new RawPeer(server.port())) {
            assertThat(peer.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").response())
                    .startsWith("HTTP/1.1 503 ");
            never.complete(HttpResponse.of(200, "text/plain", "too late"));

            assertThat(peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").response())
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\n0");
        }
    }

    @Test
    void closesOnAPeerThatDoesNotTakeItsAnswer() throws Exception {
        byte[] large = new byte[64 << 20];
        HttpHandler handler =
                request -> CompletableFuture.completedFuture(HttpResponse.of(200, "application/octet-stream", large));
        try (HttpServer server = serve(timeouts(LONG, SHORT, LONG), handler);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            while (server.connections() > 0) {
                Thread.onSpinWait();
            }

            assertThat(server.connections()).isZero();
        }
    }
}
