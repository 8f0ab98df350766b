// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.whipwhep.shig.ShigLobby;
import dev.tributary.whipwhep.shig.ShigStream;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The HTTP side of Shig's client, on an engine that does nothing; with media it runs in the examples' ShigClientTest. */
class ShigLobbyTest {
    private static final String STREAM = "/shig/space/alice@tv/stream/7";

    private final StubEngine engine = new StubEngine();
    private final ShigLobby lobby = ShigLobby.builder(engine)
            .access(request -> request.token() == null
                    ? CompletableFuture.failedFuture(new WhipWhepException(Refusal.UNAUTHENTICATED, "Who are you?"))
                    : CompletableFuture.completedFuture(Grant.of(request.token(), "", Right.PLAY, Right.PUBLISH_GUEST)))
            .streams((space, stream, grant) -> new ShigStream(stream, "Title", space, "owner-id", "channel-id"))
            .prefix("/shig")
            .limits(WhipWhepLimits.DEFAULT.withSessions(2))
            .build();

    @AfterEach
    void close() {
        lobby.close();
    }

    private HttpResponse send(String method, String path, HttpHeaders headers, String body) {
        return lobby.handle(new HttpRequest(
                        method,
                        path,
                        "",
                        headers,
                        body.getBytes(StandardCharsets.UTF_8),
                        new InetSocketAddress("192.0.2.1", 1)))
                .toCompletableFuture()
                .join();
    }

    private static HttpHeaders as(String token) {
        return HttpHeaders.of("Authorization", token).with("Content-Type", "application/sdp");
    }

    private HttpResponse join(String token) {
        return send("POST", STREAM + "/whip", as(token), Offers.offer("sendrecv", true));
    }

    @Test
    void nobodyGetsInWithoutACredential() {
        assertThat(send("GET", STREAM, HttpHeaders.EMPTY, "").status()).isEqualTo(401);
        assertThat(send("POST", STREAM + "/whip", HttpHeaders.of("Content-Type", "application/sdp"), Offers.whip())
                        .status())
                .isEqualTo(401);
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void describesAStreamInEachDialect() {
        assertThat(text(send("GET", STREAM, as("Bearer bob"), "")))
                .contains("\"uuid\":\"7\"", "\"title\":\"Title\"", "\"user\":\"alice@tv\"");
        assertThat(text(send("GET", "/shig/stream/7", as("Bearer bob"), "")))
                .contains("\"message\":\"ok\"", "\"data\":{", "\"ownerUuid\":\"owner-id\"");
        assertThat(text(send("GET", "/shig/stream/7/friends", as("Bearer bob"), "")))
                .contains("\"data\":[]");
    }

    @Test
    void joinsByWhipAndIsOfferedByWhep() {
        engine.offers = new ArrayList<>();

        HttpResponse joined = join("Bearer bob");
        HttpResponse offered = send("POST", STREAM + "/whep", as("Bearer bob"), "");
        HttpResponse answered = send("PATCH", STREAM + "/whep", as("Bearer bob"), Offers.offer("recvonly", true));

        assertThat(joined.status()).isEqualTo(201);
        assertThat(joined.headers().first("Content-Type")).contains("application/sdp");
        assertThat(offered.status()).isEqualTo(201);
        assertThat(text(offered)).startsWith("v=0");
        assertThat(answered.status()).isEqualTo(201);
        assertThat(engine.requests.get(0).kind()).isEqualTo(SessionKind.WHIP);
        assertThat(engine.requests.get(1).ownTracks())
                .as("it is not shown itself")
                .isFalse();
        assertThat(send("PATCH", STREAM + "/whep", as("Bearer bob"), Offers.whep())
                        .status())
                .as("an offer is answered once")
                .isEqualTo(404);
    }

    @Test
    void aCookieCountsOnlyWithTheTokenOfItsRequests() {
        HttpResponse joined = join("bob");
        String cookie = joined.headers().first("Set-Cookie").orElseThrow().split(";")[0];
        String token = joined.headers().first("X-Req-Token").orElseThrow();
        HttpHeaders cookieAlone = HttpHeaders.of("Cookie", "other=1; " + cookie);

        assertThat(send("DELETE", STREAM + "/whip", cookieAlone, "").status()).isEqualTo(403);
        assertThat(send("DELETE", STREAM + "/whip", cookieAlone.with("X-Req-Token", "guess"), "")
                        .status())
                .isEqualTo(403);
        assertThat(send("DELETE", STREAM + "/whip", cookieAlone.with("X-Req-Token", token), "")
                        .status())
                .isEqualTo(200);
        assertThat(engine.last().asked).isEqualTo(CloseReason.DELETED);
        assertThat(lobby.members()).isZero();
    }

    @Test
    void whoComesAgainTakesTheirPlaceOver() {
        join("Bearer bob");
        StubEngine.StubSession first = engine.last();
        join("Bearer bob");

        assertThat(first.asked).isEqualTo(CloseReason.REPLACED);
        assertThat(lobby.members()).isEqualTo(1);
    }

    @Test
    void hasPlacesForSoManyAndNotOneMore() {
        assertThat(join("bob").status()).isEqualTo(201);
        assertThat(join("carol").status()).isEqualTo(201);
        assertThat(join("dave").status()).isEqualTo(503);
    }

    @Test
    void leavesInTheLaterDialectToo() {
        String channel = "/shig/channel/c/stream/7";
        send("POST", channel + "/whip", as("Bearer bob"), Offers.offer("sendonly", true));
        assertThat(send("DELETE", channel + "/lobby/leave", as("Bearer bob"), "")
                        .status())
                .isEqualTo(200);
        assertThat(send("POST", channel + "/whep", as("Bearer bob"), "{}").status())
                .isEqualTo(403);
    }

    @Test
    void refusesWhatIsNoneOfItsRequests() {
        assertThat(send("GET", "/shig/spaces", as("bob"), "").status()).isEqualTo(404);
        assertThat(send("GET", "/elsewhere/space/a/stream/7", as("bob"), "").status())
                .isEqualTo(404);
        assertThat(send("PUT", STREAM + "/whip", as("bob"), "").status()).isEqualTo(405);
        assertThat(send("POST", STREAM + "/whip", HttpHeaders.of("Authorization", "bob"), Offers.whip())
                        .status())
                .isEqualTo(415);
        assertThat(send("POST", STREAM + "/whip", as("bob"), "nonsense").status())
                .isEqualTo(400);
        assertThat(send("POST", STREAM + "/whip", as("bob"), "x".repeat(WhipWhepLimits.DEFAULT.bodyBytes() + 1))
                        .status())
                .isEqualTo(413);
        assertThat(engine.requests).isEmpty();
    }

    private static String text(HttpResponse response) {
        return response.body() instanceof dev.tributary.core.http.HttpBody.Bytes body
                ? new String(body.bytes(), StandardCharsets.UTF_8)
                : "";
    }
}
