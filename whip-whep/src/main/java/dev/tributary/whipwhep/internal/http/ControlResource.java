// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpStream;
import dev.tributary.whipwhep.spi.ControlOutlet;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The control channel as HTTP: GET gives the track list, GET of an event stream opens the channel, POST sends one message
 * on it. The messages are those of the data channel.
 */
final class ControlResource {
    static final String EVENTS = "text/event-stream";

    private static final String JSON = "application/json";

    private final Settings settings;

    ControlResource(Settings settings) {
        this.settings = settings;
    }

    CompletionStage<HttpResponse> get(HttpRequest request, LiveSession session) {
        boolean wantsEvents =
                request.header("Accept").orElse("").toLowerCase(Locale.ROOT).contains(EVENTS);
        return wantsEvents ? events(session) : snapshot(session);
    }

    private static WhipWhepException noControl() {
        return new WhipWhepException(Refusal.NOT_FOUND, "This session has no control channel.");
    }

    private static CompletionStage<HttpResponse> snapshot(LiveSession session) {
        return session.media().controlSnapshot().thenApply(snapshot -> {
            if (snapshot == null) {
                throw noControl();
            }
            return HttpResponse.of(200, JSON, snapshot);
        });
    }

    private static CompletionStage<HttpResponse> events(LiveSession session) {
        Outlet outlet = new Outlet();
        return session.media().openControl(outlet).thenApply(opened -> {
            if (!opened) {
                throw noControl();
            }
            return new HttpResponse(
                    200,
                    HttpHeaders.of("Content-Type", EVENTS),
                    new HttpBody.Stream(stream -> outlet.open(stream, session)));
        });
    }

    CompletionStage<HttpResponse> post(HttpRequest request, LiveSession session) {
        if (!MediaTypes.of(request).equals(JSON)) {
            throw new WhipWhepException(Refusal.UNSUPPORTED_MEDIA_TYPE, "A control message is " + JSON + ".");
        }
        if (request.body().length > settings.limits().bodyBytes()) {
            throw new WhipWhepException(
                    Refusal.TOO_LARGE,
                    "A message has at most " + settings.limits().bodyBytes() + " bytes.");
        }
        return session.media().controlMessage(request.body()).thenApply(taken -> {
            if (!taken) {
                throw new WhipWhepException(
                        Refusal.NO_CONTROL_STREAM, "GET this address as " + EVENTS + ": the reply comes there.");
            }
            return HttpResponse.of(204);
        });
    }

    /** The event stream of one client. Messages that come before the response has begun wait. Thread-safe. */
    private static final class Outlet implements ControlOutlet {
        private final StringBuilder early = new StringBuilder(": open\n\n");
        private @Nullable HttpStream stream;
        private boolean isClosed;

        private synchronized void open(HttpStream opened, LiveSession session) {
            stream = opened;
            boolean unused = opened.write(early.toString().getBytes(StandardCharsets.UTF_8));
            early.setLength(0);
            if (isClosed) {
                opened.close();
            }
            opened.onClose(() -> session.media().controlClosed(this));
        }

        @Override
        public synchronized boolean send(String message) {
            if (isClosed) {
                return false;
            }
            String event = "data: " + message + "\n\n";
            if (stream == null) {
                early.append(event);
                return true;
            }
            return stream.write(event.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public synchronized void close() {
            isClosed = true;
            if (stream != null) {
                stream.close();
            }
        }
    }
}
