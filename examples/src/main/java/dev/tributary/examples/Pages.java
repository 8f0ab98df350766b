// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Resources;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** The pages for people: {@code /}, {@code /watch}, {@code /stage}, and what they load from {@code /pages}. */
final class Pages implements HttpHandler {
    private static final String PREFIX = "/pages/";
    private static final String WATCH_TITLE = "<title>Watch · Tributary</title>";

    private final Resources files = Resources.from(Pages.class, "pages").under(PREFIX);
    private final String baseUrl;
    private final UnaryOperator<String> titleOfRoom;

    /** The pages of an instance. */
    Pages(String baseUrl, UnaryOperator<String> titleOfRoom) {
        this.baseUrl = baseUrl;
        this.titleOfRoom = titleOfRoom;
    }

    @Override
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        return switch (request.path()) {
            case "/" -> files.handle(request.withPath(PREFIX + "index.html"));
            case "/stage" -> files.handle(request.withPath(PREFIX + "stage.html"));
            case "/watch" ->
                files.handle(request.withPath(PREFIX + "watch.html"))
                        .thenApply(response -> withMetadata(request, response));
            default -> files.handle(request);
        };
    }

    /** Lets a link to a stream unfold where it is posted: Mastodon and others read these lines. */
    private HttpResponse withMetadata(HttpRequest request, HttpResponse response) {
        if (response.status() != 200 || !(response.body() instanceof HttpBody.Bytes page)) {
            return response;
        }
        String room = Arrays.stream(request.query().split("&", 20))
                .filter(pair -> pair.startsWith("room="))
                .map(pair -> URLDecoder.decode(pair.substring("room=".length()), StandardCharsets.UTF_8))
                .findFirst()
                .orElse("");
        String title = escaped(titleOfRoom.apply(room));
        String url = escaped(baseUrl + request.target());
        String metadata = "<title>" + title + " · Tributary</title>"
                + meta("property", "og:type", "video.other")
                + meta("property", "og:title", title)
                + meta("property", "og:url", url)
                + meta("property", "og:image", baseUrl + "/pages/icon.png")
                + meta("name", "twitter:card", "player")
                + meta("name", "twitter:player", url)
                + meta("name", "twitter:player:width", "1280")
                + meta("name", "twitter:player:height", "720");
        String html = new String(page.bytes(), StandardCharsets.UTF_8).replace(WATCH_TITLE, metadata);
        // The file's entity tag does not speak for what was added to it.
        return new HttpResponse(
                200, response.headers().without("ETag"), new HttpBody.Bytes(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static String meta(String kind, String name, String content) {
        return "\n  <meta " + kind + "=\"" + name + "\" content=\"" + content + "\">";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
