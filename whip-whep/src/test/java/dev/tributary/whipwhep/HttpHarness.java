// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpStream;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.Refusal;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Requests to a server without a network, and what the responses say. */
final class HttpHarness {
    final StubEngine engine = new StubEngine();
    final AtomicLong nanos = new AtomicLong();
    WhipWhep live = builder().build();

    WhipWhep.Builder builder() {
        return WhipWhep.builder(engine)
                .access(Access.allowEverybody())
                .clocks(nanos::get, () -> Instant.parse("2026-11-25T12:00:00Z"));
    }

    HttpResponse send(String method, String path, String body, String... headers) {
        return live.handle(new HttpRequest(
                        method,
                        path,
                        "",
                        HttpHeaders.of(headers),
                        body.getBytes(StandardCharsets.UTF_8),
                        new InetSocketAddress("192.0.2.9", 4000)))
                .toCompletableFuture()
                .join();
    }

    HttpResponse post(String path, String offer, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/sdp";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("POST", path, offer, all);
    }

    static String header(HttpResponse response, String name) {
        return response.headers().first(name).orElse("");
    }

    static String text(HttpResponse response) {
        return new String(((HttpBody.Bytes) response.body()).bytes(), StandardCharsets.UTF_8);
    }

    static void assertProblem(HttpResponse response, Refusal refusal) {
        assertThat(response.status()).isEqualTo(refusal.status());
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(text(response)).contains("/" + refusal.slug() + "\"");
    }

    /** Reads a stream as a client does that is always fast enough. */
    static Events events(HttpResponse response) {
        Events events = new Events();
        ((HttpBody.Stream) response.body()).open().accept(events);
        return events;
    }

    static final class Events implements HttpStream {
        final StringBuilder written = new StringBuilder();
        final List<Runnable> closings = new ArrayList<>();
        boolean isClosed;

        @Override
        public boolean write(byte[] bytes) {
            if (!isClosed) {
                written.append(new String(bytes, StandardCharsets.UTF_8));
            }
            return !isClosed;
        }

        @Override
        public void onClose(Runnable callback) {
            if (isClosed) {
                callback.run();
            } else {
                closings.add(callback);
            }
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                closings.forEach(Runnable::run);
            }
        }
    }
}
