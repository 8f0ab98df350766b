// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpStreamTest {
    private static final String GET = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";

    private final BlockingQueue<HttpStream> opened = new LinkedBlockingQueue<>();
    private final HttpHandler events = request -> CompletableFuture.completedFuture(new HttpResponse(
            200, HttpHeaders.of("Content-Type", "text/event-stream"), new HttpBody.Stream(opened::add)));

    private HttpServer serve() {
        return HttpServer.bind(0)
                .host("127.0.0.1")
                .limits(HttpLimits.DEFAULTS.withMaxStreamBacklogBytes(64 << 10))
                .mount("/", events)
                .start();
    }

    private HttpStream stream() throws InterruptedException {
        HttpStream stream = opened.poll(10, TimeUnit.SECONDS);
        assertThat(stream).isNotNull();
        return stream;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void sendsWhatIsWrittenAtOnceAndGoesOnWithTheConnectionAfterTheEnd() throws Exception {
        try (HttpServer server = serve();
                RawPeer peer = new RawPeer(server.port())) {
            assertThat(peer.send(GET).head()).contains("transfer-encoding: chunked\r\n", "text/event-stream");
            HttpStream stream = stream();

            assertThat(stream.write(bytes("data: 1\n\n"))).isTrue();
            assertThat(peer.readUntil("\n\n\r\n")).isEqualTo("9\r\ndata: 1\n\n\r\n");
            assertThat(stream.write(new byte[0])).isTrue();
            assertThat(stream.write(bytes("data: 2\n\n"))).isTrue();
            assertThat(peer.readUntil("\n\n\r\n")).isEqualTo("9\r\ndata: 2\n\n\r\n");
            stream.close();
            stream.close();
            assertThat(peer.readUntil("0\r\n\r\n")).isEqualTo("0\r\n\r\n");
            assertThat(stream.write(bytes("late"))).isFalse();

            assertThat(peer.send(GET).head()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void endsWithTheConnectionForHttp10() throws Exception {
        try (HttpServer server = serve();
                RawPeer peer = new RawPeer(server.port())) {
            assertThat(peer.send("GET / HTTP/1.0\r\n\r\n").head()).doesNotContain("chunked");
            HttpStream stream = stream();
            stream.write(bytes("plain"));
            stream.close();

            assertThat(peer.rest()).isEqualTo("plain");
        }
    }

    @Test
    void opensNoStreamForHead() throws Exception {
        try (HttpServer server = serve();
                RawPeer peer = new RawPeer(server.port())) {
            assertThat(peer.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").head()).startsWith("HTTP/1.1 200 ");
            assertThat(peer.send(GET).head()).startsWith("HTTP/1.1 200 ");
            stream();

            assertThat(opened).isEmpty();
        }
    }

    @Test
    void tellsOnceWhenThePeerLeaves() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (HttpServer server = serve()) {
            RawPeer peer = new RawPeer(server.port());
            peer.send(GET).head();
            HttpStream stream = stream();
            stream.onClose(closed::countDown);
            peer.close();

            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(stream.write(bytes("x"))).isFalse();
            CountDownLatch late = new CountDownLatch(1);
            stream.onClose(late::countDown);
            assertThat(late.getCount()).isZero();
        }
    }

    @Test
    void disconnectsAPeerThatReadsTooSlowlyAndNotTheOthers() throws Exception {
        try (HttpServer server = serve();
                RawPeer slow = new RawPeer(server.port());
                RawPeer quick = new RawPeer(server.port())) {
            slow.send(GET).head();
            HttpStream stuck = stream();
            quick.send(GET).head();
            HttpStream flowing = stream();
            CountDownLatch closed = new CountDownLatch(1);
            stuck.onClose(closed::countDown);

            byte[] event = new byte[16 << 10];
            // What the kernel takes on both sides comes first; its buffers are far below this.
            long most = 64L << 20;
            long sent = 0;
            while (sent < most && stuck.write(event)) {
                sent += event.length;
            }

            assertThat(sent).isLessThan(most);
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(stuck.write(bytes("x"))).isFalse();
            assertThat(flowing.write(bytes("data: still here\n\n"))).isTrue();
            assertThat(quick.readUntil("still here\n\n")).contains("still here");
        }
    }

    @Test
    void takesABacklogOfTheLimitAndNotOneByteMore() throws Exception {
        try (HttpServer server = serve();
                RawPeer peer = new RawPeer(server.port())) {
            peer.send(GET).head();
            assertThat(stream().write(new byte[64 << 10])).isTrue();
        }
        try (HttpServer server = serve();
                RawPeer peer = new RawPeer(server.port())) {
            peer.send(GET).head();
            assertThat(stream().write(new byte[(64 << 10) + 1])).isFalse();
        }
    }

    @Test
    void closesStreamsWithTheServer() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        HttpServer server = serve();
        try (RawPeer peer = new RawPeer(server.port())) {
            peer.send(GET).head();
            stream().onClose(closed::countDown);
            server.close();

            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closesTheConnectionWhenAStreamCannotBeOpened() throws Exception {
        HttpHandler failing = request -> CompletableFuture.completedFuture(
                new HttpResponse(200, HttpHeaders.EMPTY, new HttpBody.Stream(stream -> {
                    throw new IllegalStateException("hunter2");
                })));
        try (HttpServer server = HttpServer.bind(0).mount("/", failing).start();
                RawPeer peer = new RawPeer(server.port())) {
            assertThat(peer.send(GET).rest()).doesNotContain("hunter2").doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void handsEveryEventToAReaderThatKeepsUp() throws Exception {
        try (HttpServer server = serve();
                RawPeer peer = new RawPeer(server.port())) {
            peer.send(GET).head();
            HttpStream stream = stream();
            for (int i = 0; i < 200; i++) {
                assertThat(stream.write(bytes("event " + i + ";"))).isTrue();
                peer.readUntil("event " + i + ";");
            }
        }
    }
}
