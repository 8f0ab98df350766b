// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tributary.core.http.OutboundException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuardedHttpClientTest {
    private com.sun.net.httpserver.HttpServer server;
    private URI base;
    private GuardedHttpClient client;

    @BeforeEach
    void start() throws IOException {
        server =
                com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        client = GuardedHttpClient.builder().allowPrivateAddresses(true).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static void assertFails(Reason reason, ThrowingCallable sending) {
        assertThatThrownBy(sending)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        OutboundException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(reason));
    }

    private static String text(HttpResponse response) {
        return new String(((HttpBody.Bytes) response.body()).bytes(), StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void redirect(String path, int status, String location) {
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Location", location);
            answer(exchange, status, new byte[0]);
        });
    }

    private void echo(String path) {
        server.createContext(path, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String auth = exchange.getRequestHeaders().getFirst("Authorization");
            answer(
                    exchange,
                    200,
                    (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body
                                    + (auth == null ? "" : " auth=" + auth))
                            .getBytes(StandardCharsets.UTF_8));
        });
    }

    /** A server that reads a request's head, then does as it is told with the socket. */
    private interface Misbehaviour {
        void answer(java.net.Socket socket) throws IOException;
    }

    private static URI misbehave(ServerSocket listener, AtomicReference<String> head, Misbehaviour misbehaviour) {
        Thread thread = new Thread(() -> {
            try (java.net.Socket socket = listener.accept()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                    bytes.write(socket.getInputStream().read());
                }
                head.set(bytes.toString(StandardCharsets.ISO_8859_1));
                misbehaviour.answer(socket);
            } catch (IOException closedByTest) {
                // The test ends the socket.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/a%2Fb?q=%20");
    }

    private static void write(java.net.Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Test
    void sendsHeaderFieldsAndTargetExactlyAsGiven() throws Exception {
        AtomicReference<String> head = new AtomicReference<>();
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = misbehave(
                    listener, head, socket -> write(socket, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"));
            OutboundRequest request = OutboundRequest.post(uri, "application/activity+json", "{}")
                    .with("Host", "127.0.0.1:" + listener.getLocalPort())
                    .with("Date", "Wed, 25 Nov 2026 04:00:00 GMT")
                    .with("Digest", "SHA-256=abc=")
                    .with("Signature", "keyId=\"https://a.example/actor#main-key\",headers=\"(request-target) host\"");

            HttpResponse response = join(client.send(request));

            assertThat(response.status()).isEqualTo(202);
            assertThat(head.get())
                    .startsWith("POST /a%2Fb?q=%20 HTTP/1.1\r\n")
                    .containsOnlyOnce("\r\nHost: " + request.authority() + "\r\n")
                    .containsOnlyOnce("\r\nContent-Type: application/activity+json\r\n")
                    .containsOnlyOnce("\r\nContent-Length: 2\r\n")
                    .containsOnlyOnce("\r\nDate: Wed, 25 Nov 2026 04:00:00 GMT\r\n")
                    .containsOnlyOnce("\r\nDigest: SHA-256=abc=\r\n")
                    .containsOnlyOnce(
                            "\r\nSignature: keyId=\"https://a.example/actor#main-key\",headers=\"(request-target)"
                                    + " host\"\r\n")
                    .contains("\r\nUser-Agent: Tributary\r\n")
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("priority")
                    .doesNotContainIgnoringCase("expect");
        }
    }

    @Test
    void sendsTheAuthorityAsHostWhenNoneIsGiven() throws Exception {
        AtomicReference<String> head = new AtomicReference<>();
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = misbehave(listener, head, socket -> write(socket, "HTTP/1.1 204 No Content\r\n\r\n"));
            OutboundRequest request = OutboundRequest.of("DELETE", uri);

            assertThat(join(client.send(request)).status()).isEqualTo(204);
            assertThat(head.get())
                    .containsOnlyOnce("\r\nHost: " + request.authority() + "\r\n")
                    .doesNotContain("Content-Length")
                    .doesNotContain("Transfer-Encoding");
        }
    }

    @Test
    void unpacksGzipAndSaysNothingOfItAfterwards() {
        server.createContext("/gzip", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            answer(exchange, 200, gzip("x".repeat(5000).getBytes(StandardCharsets.UTF_8)));
        });

        HttpResponse response = join(client.send(OutboundRequest.get(base.resolve("/gzip"))));

        assertThat(text(response)).hasSize(5000);
        assertThat(response.headers().first("Content-Encoding")).isEmpty();
        assertThat(response.headers().first("Content-Length")).isEmpty();
    }

    @Test
    void refusesAGzipBombAtItsLimitAndNotBefore() {
        byte[] bomb = gzip(new byte[50_000]);
        server.createContext("/bomb", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            answer(exchange, 200, bomb);
        });
        OutboundRequest request = OutboundRequest.get(base.resolve("/bomb"));

        assertThat(bomb.length).isLessThan(200);
        assertThat(text(join(client.send(request.withLimits(Duration.ofSeconds(10), 50_000)))))
                .hasSize(50_000);
        assertFails(Reason.TOO_LARGE, () -> join(client.send(request.withLimits(Duration.ofSeconds(10), 49_999))));
    }

    @Test
    void refusesGzipThatIsNone() {
        server.createContext("/broken", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            answer(exchange, 200, "no gzip".getBytes(StandardCharsets.UTF_8));
        });

        assertFails(Reason.MALFORMED, () -> join(client.send(OutboundRequest.get(base.resolve("/broken")))));
    }

    @Test
    void refusesABodyByItsAnnouncedLength() {
        server.createContext("/big", exchange -> answer(exchange, 200, new byte[1001]));
        OutboundRequest request = OutboundRequest.get(base.resolve("/big"));

        assertThat(text(join(client.send(request.withLimits(Duration.ofSeconds(10), 1001)))))
                .hasSize(1001);
        assertFails(Reason.TOO_LARGE, () -> join(client.send(request.withLimits(Duration.ofSeconds(10), 1000))));
    }

    @Test
    void refusesABodyWithoutEndOnceItIsTooLarge() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = misbehave(listener, new AtomicReference<>(), socket -> {
                write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                while (true) {
                    write(socket, "400\r\n" + "y".repeat(1024) + "\r\n");
                }
            });

            assertFails(
                    Reason.TOO_LARGE,
                    () -> join(client.send(OutboundRequest.get(uri).withLimits(Duration.ofSeconds(10), 100_000))));
        }
    }

    @Test
    void endsASlowDripAtItsDeadline() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = misbehave(listener, new AtomicReference<>(), socket -> {
                write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                // One byte each time the peer could have lost patience; the deadline is for the whole response.
                socket.setSoTimeout(20);
                while (!socket.isClosed()) {
                    write(socket, "z");
                    try {
                        if (socket.getInputStream().read() < 0) {
                            return;
                        }
                    } catch (java.net.SocketTimeoutException nothingToRead) {
                        continue;
                    }
                }
            });

            assertFails(
                    Reason.TIMEOUT,
                    () -> join(client.send(OutboundRequest.get(uri).withLimits(Duration.ofMillis(400), 1 << 20))));
        }
    }

    @Test
    void endsARequestThatIsNeverAnsweredAtItsDeadline() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());

            assertFails(
                    Reason.TIMEOUT,
                    () -> join(client.send(OutboundRequest.get(uri).withLimits(Duration.ofMillis(200), 1))));
        }
    }

    @Test
    void failsWhenTheConnectionEndsInTheBody() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = misbehave(
                    listener,
                    new AtomicReference<>(),
                    socket -> write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"));

            assertFails(Reason.CLOSED, () -> join(client.send(OutboundRequest.get(uri))));
        }
    }

    @Test
    void failsWhenTheAnswerIsNotHttp() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = misbehave(
                    listener, new AtomicReference<>(), socket -> write(socket, "SSH-2.0-OpenSSH_9.6\r\n\r\n\r\n"));

            assertThatThrownBy(() -> join(client.send(OutboundRequest.get(uri))))
                    .cause()
                    .isInstanceOf(OutboundException.class);
        }
    }

    @Test
    void refusesHeaderFieldsWithoutEnd() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI uri = misbehave(listener, new AtomicReference<>(), socket -> {
                write(socket, "HTTP/1.1 200 OK\r\n");
                for (int i = 0; i < 101; i++) {
                    write(socket, "X-" + i + ": 1\r\n");
                }
                write(socket, "\r\n");
            });

            assertFails(Reason.MALFORMED, () -> join(client.send(OutboundRequest.get(uri))));
        }
    }

    @Test
    void refusesHttpAndPrivateAddressesByDefault() {
        try (GuardedHttpClient guarded = GuardedHttpClient.create()) {
            assertFails(Reason.REFUSED_URI, () -> join(guarded.send(OutboundRequest.get(base))));
            for (String uri : new String[] {
                "https://127.0.0.1:" + base.getPort(),
                "https://localhost:" + base.getPort(),
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://169.254.169.254/latest/meta-data"
            }) {
                assertFails(Reason.REFUSED_ADDRESS, () -> join(guarded.send(OutboundRequest.get(URI.create(uri)))));
            }
        }
    }

    @Test
    void refusesAPublicNameWithAPrivateAddress() {
        AtomicInteger lookUps = new AtomicInteger();
        HostResolver rebinding = host -> {
            lookUps.incrementAndGet();
            return List.of(InetAddress.getByName("10.1.2.3"));
        };
        try (GuardedHttpClient guarded =
                GuardedHttpClient.builder().resolver(rebinding).build()) {
            assertFails(
                    Reason.REFUSED_ADDRESS,
                    () -> join(guarded.send(OutboundRequest.get(URI.create("https://public.example/")))));
            assertThat(lookUps).hasValue(1);
        }
    }

    @Test
    void connectsToTheAddressThatTheResolverGives() {
        echo("/echo");
        HostResolver fixed = host -> List.of(InetAddress.getLoopbackAddress());
        try (GuardedHttpClient resolving = GuardedHttpClient.builder()
                .allowPrivateAddresses(true)
                .resolver(fixed)
                .build()) {
            URI uri = URI.create("http://tv.example:" + base.getPort() + "/echo");

            assertThat(text(join(resolving.send(OutboundRequest.get(uri))))).isEqualTo("GET /echo ");
        }
    }

    @Test
    void tellsAnUnknownHostFromAClosedPort() throws Exception {
        int free;
        try (ServerSocket closed = new ServerSocket(0)) {
            free = closed.getLocalPort();
        }
        HostResolver nobody = host -> {
            throw new java.net.UnknownHostException(host);
        };
        try (GuardedHttpClient lost =
                GuardedHttpClient.builder().resolver(nobody).build()) {
            assertFails(
                    Reason.UNKNOWN_HOST,
                    () -> join(lost.send(OutboundRequest.get(URI.create("https://gone.example/")))));
        }
        assertFails(
                Reason.CONNECT_FAILED,
                () -> join(client.send(OutboundRequest.get(URI.create("http://127.0.0.1:" + free)))));
    }

    @Test
    void returnsARedirectInsteadOfFollowingIt() {
        redirect("/from", 302, "/to");

        HttpResponse response = join(client.send(OutboundRequest.get(base.resolve("/from"))));

        assertThat(response.status()).isEqualTo(302);
        assertThat(response.headers().first("Location")).contains("/to");
    }

    @Test
    void keepsMethodAndBodyOver307AndTellsWhereTheResponseCameFrom() {
        redirect("/from", 307, "/to?x=1");
        echo("/to");

        dev.tributary.core.http.HttpExchange exchange = join(client.followRedirects(
                OutboundRequest.post(base.resolve("/from"), "application/sdp", "v=0")
                        .with("Authorization", "Bearer t"),
                3));

        assertThat(text(exchange.response())).isEqualTo("POST /to?x=1 v=0 auth=Bearer t");
        assertThat(exchange.request().uri()).isEqualTo(base.resolve("/to?x=1"));
    }

    @Test
    void turnsIntoAGetOver303() {
        redirect("/from", 303, "/to");
        echo("/to");

        var exchange = join(client.followRedirects(OutboundRequest.post(base.resolve("/from"), "text/plain", "x"), 3));

        assertThat(text(exchange.response())).isEqualTo("GET /to ");
    }

    @Test
    void keepsSecretsFromOtherOrigins() {
        redirect("/from", 307, "http://localhost:" + base.getPort() + "/to");
        echo("/to");

        var exchange = join(client.followRedirects(
                OutboundRequest.get(base.resolve("/from")).with("Authorization", "Bearer t"), 3));

        assertThat(text(exchange.response())).isEqualTo("GET /to ");
    }

    @Test
    void letsTheSenderSignEachHopAnew() {
        redirect("/from", 308, "http://localhost:" + base.getPort() + "/to");
        echo("/to");

        var exchange = join(client.followRedirects(
                OutboundRequest.get(base.resolve("/from")),
                3,
                hop -> hop.with("Authorization", "for " + hop.authority())));

        assertThat(text(exchange.response())).isEqualTo("GET /to  auth=for localhost:" + base.getPort());
    }

    @Test
    void followsAsManyRedirectsAsAllowedAndNotOneMore() {
        redirect("/1", 302, "/2");
        redirect("/2", 302, "/3");
        echo("/3");

        assertThat(join(client.followRedirects(OutboundRequest.get(base.resolve("/1")), 2))
                        .response()
                        .status())
                .isEqualTo(200);
        assertFails(
                Reason.TOO_MANY_REDIRECTS,
                () -> join(client.followRedirects(OutboundRequest.get(base.resolve("/1")), 1)));
    }

    @Test
    void endsARedirectLoop() {
        redirect("/loop", 307, "/loop");

        assertFails(
                Reason.TOO_MANY_REDIRECTS,
                () -> join(client.followRedirects(OutboundRequest.get(base.resolve("/loop")), 5)));
    }

    @Test
    void refusesARedirectToAPrivateAddress() {
        try (GuardedHttpClient guarded = GuardedHttpClient.create()) {
            HttpClient throughAPublicServer = request -> request.uri().getHost().equals("public.example")
                    ? java.util.concurrent.CompletableFuture.completedFuture(
                            HttpResponse.of(302).with("Location", "https://169.254.169.254/latest/meta-data"))
                    : guarded.send(request);

            assertFails(
                    Reason.REFUSED_ADDRESS,
                    () -> join(throughAPublicServer.followRedirects(
                            OutboundRequest.get(URI.create("https://public.example/")), 3)));
        }
    }

    @Test
    void refusesRedirectsToPlainHttpAndToWhatIsNoHttp() {
        for (String location :
                new String[] {"http://a.example/", "file:///etc/passwd", "gopher://a/", "::not a uri::"}) {
            HttpClient redirecting = request -> java.util.concurrent.CompletableFuture.completedFuture(
                    HttpResponse.of(302).with("Location", location));

            assertFails(
                    Reason.REFUSED_REDIRECT,
                    () -> join(redirecting.followRedirects(
                            OutboundRequest.get(URI.create("https://public.example/")), 3)));
        }
    }

    @Test
    void refusesMoreRequestsThanMayBeUnderWay() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                GuardedHttpClient small = GuardedHttpClient.builder()
                        .allowPrivateAddresses(true)
                        .limits(HttpClientLimits.DEFAULTS.withMaxRequestsUnderWay(2))
                        .build()) {
            OutboundRequest request = OutboundRequest.get(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
                    .withLimits(Duration.ofMillis(500), 1);
            CompletionStage<HttpResponse> first = small.send(request);
            CompletionStage<HttpResponse> second = small.send(request);

            assertFails(Reason.OVERLOADED, () -> join(small.send(request)));
            assertFails(Reason.TIMEOUT, () -> join(first));
            assertFails(Reason.TIMEOUT, () -> join(second));
            assertFails(Reason.TIMEOUT, () -> join(small.send(request)));
        }
    }

    @Test
    void failsWhatIsUnderWayWhenClosed() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletionStage<HttpResponse> waiting =
                    client.send(OutboundRequest.get(URI.create("http://127.0.0.1:" + silent.getLocalPort())));
            silent.accept();
            client.close();
            client.close();

            assertThatThrownBy(() -> join(waiting)).cause().isInstanceOf(OutboundException.class);
            assertFails(Reason.OVERLOADED, () -> join(client.send(OutboundRequest.get(base))));
        }
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
