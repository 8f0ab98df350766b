// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private static final HttpHandler ECHO = request -> CompletableFuture.completedFuture(
            HttpResponse.of(200, "text/plain", request.method() + " " + request.target() + " " + request.bodyText()));

    private static HttpServer serve(HttpHandler handler) {
        return HttpServer.bind(0).host("127.0.0.1").mount("/", handler).start();
    }

    @Test
    void answersRequestsOfOneConnectionInTheirOrder() throws Exception {
        try (HttpServer server = serve(ECHO);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send(
                    "GET /a?x=1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(peer.response()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nGET /a?x=1 ");
            assertThat(peer.response()).endsWith("\r\n\r\nPOST /b hi");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void answersPipelinedRequestsInOrderEvenWhenTheFirstTakesLonger() throws Exception {
        CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        HttpHandler handler = request -> {
            if (request.path().equals("/slow")) {
                asked.countDown();
                return slow;
            }
            return ECHO.handle(request);
        };
        try (HttpServer server = serve(handler);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                peer.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            slow.complete(HttpResponse.of(200, "text/plain", "slow"));

            assertThat(peer.response()).endsWith("\r\n\r\nslow");
            for (int i = 0; i < 100; i++) {
                assertThat(peer.response()).endsWith("\r\n\r\nGET /" + i + " ");
            }
        }
    }

    @Test
    void takesChunkedBodies() throws Exception {
        try (HttpServer server = serve(ECHO);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send(
                    "PATCH /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");

            assertThat(peer.response()).endsWith("PATCH /c abcde");
        }
    }

    @Test
    void invitesABodyThatWaitsToBeInvited() throws Exception {
        try (HttpServer server = serve(ECHO);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");

            assertThat(peer.head()).startsWith("HTTP/1.1 100 Continue\r\n");
            peer.send("ok");
            assertThat(peer.response()).endsWith("POST / ok");
        }
    }

    @Test
    void answersHeadWithTheLengthAndWithoutTheBody() throws Exception {
        try (HttpServer server = serve(ECHO);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(peer.head()).contains("content-length: 8\r\n").endsWith("\r\n\r\n");
            assertThat(peer.response()).endsWith("GET /next ");
        }
    }

    @Test
    void sendsNeitherBodyNorLengthWith204() throws Exception {
        try (HttpServer server = serve(request -> CompletableFuture.completedFuture(HttpResponse.of(204)));
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("DELETE /x HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(peer.head()).startsWith("HTTP/1.1 204 ").doesNotContainIgnoringCase("content-length");
        }
    }

    @Test
    void acceptsTheAbsoluteFormOfATarget() throws Exception {
        try (HttpServer server = serve(ECHO);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("GET http://a/path?q HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(peer.response()).endsWith("GET /path?q ");
        }
    }

    @Test
    void closesAfterAnHttp10Request() throws Exception {
        try (HttpServer server = serve(ECHO);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("GET /old HTTP/1.0\r\n\r\n");

            assertThat(peer.rest()).contains("connection: close\r\n").endsWith("GET /old ");
        }
    }

    @Test
    void closesWhenThePeerAsksForIt() throws Exception {
        try (HttpServer server = serve(ECHO);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(peer.rest()).contains("connection: close\r\n");
        }
    }

    @Test
    void answersAFailingHandlerWithoutTellingWhatFailed() throws Exception {
        HttpHandler failing = request -> {
            if (request.path().equals("/throws")) {
                throw new IllegalStateException("password=hunter2");
            }
            return request.path().equals("/null")
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new IllegalStateException("password=hunter2"));
        };
        try (HttpServer server = serve(failing);
                RawPeer peer = new RawPeer(server.port())) {
            for (String path : new String[] {"/throws", "/null", "/fails"}) {
                peer.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");

                assertThat(peer.response())
                        .startsWith("HTTP/1.1 500 ")
                        .contains("application/problem+json")
                        .doesNotContain("hunter2")
                        .doesNotContain("IllegalState");
            }
        }
    }

    @Test
    void leavesFramingToTheServer() throws Exception {
        HttpHandler lying = request -> CompletableFuture.completedFuture(HttpResponse.of(200, "text/plain", "abc")
                .with("Content-Length", "999")
                .with("Transfer-Encoding", "chunked"));
        try (HttpServer server = serve(lying);
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(peer.response())
                    .doesNotContain("999")
                    .doesNotContain("chunked")
                    .endsWith("abc");
        }
    }

    @Test
    void runsHandlersOnTheExecutorItIsGiven() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        AtomicReference<String> thread = new AtomicReference<>("");
        HttpHandler handler = request -> {
            thread.set(Thread.currentThread().getName());
            return ECHO.handle(request);
        };
        try (HttpServer server = HttpServer.bind(0)
                        .executor(executor)
                        .mount("/", handler)
                        .start();
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").response();

            assertThat(thread).hasValue("mine");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void answersBusyWhenTheExecutorTakesNoMore() throws Exception {
        try (HttpServer server = HttpServer.bind(0)
                        .executor(task -> {
                            throw new java.util.concurrent.RejectedExecutionException("full");
                        })
                        .mount("/", ECHO)
                        .start();
                RawPeer peer = new RawPeer(server.port())) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(peer.response()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after");
        }
    }

    @Test
    void saysWhichPortIsInUse() {
        try (HttpServer first = serve(ECHO)) {
            int port = first.port();

            assertThatThrownBy(() -> HttpServer.bind(port).host("127.0.0.1").start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void closesTwiceAndFreesItsPort() {
        HttpServer server = serve(ECHO);
        int port = server.port();
        server.close();
        server.close();

        try (HttpServer again =
                HttpServer.bind(port).host("127.0.0.1").mount("/", ECHO).start()) {
            assertThat(again.port()).isEqualTo(port);
        }
    }
}
