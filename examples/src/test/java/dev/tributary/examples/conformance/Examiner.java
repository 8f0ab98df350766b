// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sends the requests of an examination, and deletes what they opened. */
final class Examiner {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final String token;
    private final List<URI> opened = new ArrayList<>();

    Examiner(String token) {
        this.token = token;
    }

    /** A response, and what it says. */
    record Reply(URI from, HttpResponse<String> http) {
        int status() {
            return http.statusCode();
        }

        int statusClass() {
            return http.statusCode() / 100;
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        List<String> headers(String name) {
            return http.headers().allValues(name);
        }

        String mediaType() {
            return header("Content-Type").replaceAll(";.*", "").strip().toLowerCase(java.util.Locale.ROOT);
        }

        String body() {
            return http.body();
        }

        /** The session that was opened, or null. */
        URI location() {
            String location = header("Location");
            return location.isEmpty() ? null : from.resolve(location);
        }
    }

    /** Sends a request with the token, if there is one. */
    Reply send(String method, URI uri, String body, String... headers) {
        return send(true, method, uri, body, headers);
    }

    /** Sends a request without the token. */
    Reply sendWithoutToken(String method, URI uri, String body, String... headers) {
        return send(false, method, uri, body, headers);
    }

    private Reply send(boolean withToken, String method, URI uri, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (withToken && !token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            Reply reply = new Reply(uri, http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
            boolean mayHaveOpened = method.equals("POST") && reply.location() != null;
            if (mayHaveOpened && (reply.status() == 201 || reply.status() == 406)) {
                opened.add(reply.location());
            }
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Reply post(URI endpoint, String offer) {
        return send("POST", endpoint, offer, "Content-Type", "application/sdp");
    }

    /** A PATCH of a fragment; without If-Match when the tag is empty. */
    Reply patch(URI session, String fragment, String tag) {
        return tag.isEmpty()
                ? send("PATCH", session, fragment, "Content-Type", "application/trickle-ice-sdpfrag")
                : send("PATCH", session, fragment, "Content-Type", "application/trickle-ice-sdpfrag", "If-Match", tag);
    }

    /** Ends what the test has left. */
    void cleanUp() {
        opened.forEach(session -> send("DELETE", session, ""));
        opened.clear();
    }
}
