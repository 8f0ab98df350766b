// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static dev.tributary.whipwhep.HttpHarness.assertProblem;
import static dev.tributary.whipwhep.HttpHarness.events;
import static dev.tributary.whipwhep.HttpHarness.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.core.http.HttpResponse;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The messages of the extension over HTTP, and what else the builder can be told. */
class ControlOverHttpTest {
    private static final String RELATION = "<>; rel=\"urn:ietf:params:whep:ext:dynamic\"";

    private final HttpHarness http = new HttpHarness();

    private String session() {
        return header(http.post("/live/room/whep", Offers.dynamicWhep()), "Location");
    }

    private HttpResponse open(String session) {
        return http.send("GET", session + "/control", "", "Accept", "text/event-stream");
    }

    private HttpResponse say(String session, String message) {
        return http.send("POST", session + "/control", message, "Content-Type", "application/json");
    }

    @Test
    void opensTheChannelAsAnEventStreamThatCarriesMessages() {
        HttpResponse response = open(session());

        HttpHarness.Events events = events(response);
        assertThat(response.status()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("text/event-stream");
        assertThat(events.written.toString()).isEqualTo(": open\n\ndata: {\"type\":\"early\"}\n\n");

        assertThat(http.engine.last().outlet.send("{\"type\":\"late\"}")).isTrue();
        assertThat(events.written.toString()).endsWith("data: {\"type\":\"late\"}\n\n");
    }

    @Test
    void takesMessagesByPostOnceTheStreamIsOpen() {
        String session = session();
        assertProblem(say(session, "{\"type\":\"hello\"}"), Refusal.NO_CONTROL_STREAM);

        events(open(session));

        assertThat(say(session, "{\"type\":\"hello\"}").status()).isEqualTo(204);
        assertThat(http.engine.last().posted).containsExactly("{\"type\":\"hello\"}");
        assertProblem(
                http.send("POST", session + "/control", "hello", "Content-Type", "text/plain"),
                Refusal.UNSUPPORTED_MEDIA_TYPE);
        assertProblem(say(session, "x".repeat(256 * 1024 + 1)), Refusal.TOO_LARGE);
        assertProblem(http.send("DELETE", session + "/control", ""), Refusal.METHOD_NOT_ALLOWED);
    }

    @Test
    void tellsTheEngineWhenTheClientIsGoneAndTheClientWhenTheChannelIs() {
        String session = session();
        HttpHarness.Events first = events(open(session));
        first.close();
        assertThat(http.engine.last().outlet).isNull();

        HttpHarness.Events second = events(open(session));
        http.engine.last().outlet.close();
        assertThat(second.isClosed).isTrue();
        assertThat(http.engine.last().outlet).isNull();
    }

    @Test
    void closesAStreamThatWasOverBeforeItBegan() {
        String session = session();
        HttpResponse response = open(session);
        http.engine.last().outlet.close();

        assertThat(events(response).isClosed).isTrue();
    }

    @Test
    void hasNoChannelWhereTheEngineHasNone() {
        String session = header(http.post("/live/room/whep", Offers.whep()), "Location");

        assertProblem(open(session), Refusal.NOT_FOUND);
        assertProblem(open(session.replace("/whep/", "/whip/")), Refusal.NO_SUCH_SESSION);
    }

    @Test
    void givesTheLinkToAClientWithoutDataChannelsThatNamesTheExtension() {
        http.engine.snapshot = "{}";

        assertThat(http.post("/live/room/whep", Offers.whep(), "Link", RELATION)
                        .headers()
                        .all("Link"))
                .singleElement()
                .asString()
                .contains("/control>; rel=\"urn:ietf:params:whep:ext:dynamic\"");
        assertThat(http.post("/live/room/whep", Offers.whep()).headers().all("Link"))
                .isEmpty();
        assertThat(http.post("/live/room/whep", Offers.whep(), "Link", "<>; rel=\"next\"")
                        .headers()
                        .all("Link"))
                .isEmpty();
    }

    @Test
    void namesTheExtensionAsItIsTold() {
        http.live = http.builder()
                .dynamicRelation(SessionKind.WHEP, "https://tv.example/ns/dynamic")
                .build();

        assertThat(http.post("/live/room/whep", Offers.dynamicWhep()).headers().all("Link"))
                .singleElement()
                .asString()
                .contains("rel=\"https://tv.example/ns/dynamic\"");
        assertThat(http.send("OPTIONS", "/live/room/whip", "").headers().all("Link"))
                .singleElement()
                .asString()
                .contains("urn:ietf:params:whip:ext:dynamic");
        assertThatThrownBy(() -> http.builder().dynamicRelation(SessionKind.WHEP, "a\"b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void demandsTheTokenOnTheChannelTooWhenToldSo() {
        http.live = http.builder()
                .tokenOnSessions(true)
                .access(request -> request.token() == null
                        ? CompletableFuture.failedFuture(new WhipWhepException(Refusal.UNAUTHENTICATED, "No token."))
                        : CompletableFuture.completedFuture(Grant.of(request.token(), "", Right.PLAY)))
                .build();
        String session =
                header(http.post("/live/room/whep", Offers.dynamicWhep(), "Authorization", "Bearer a"), "Location");

        assertProblem(open(session), Refusal.UNAUTHENTICATED);
        assertThat(http.send(
                                "GET",
                                session + "/control",
                                "",
                                "Accept",
                                "text/event-stream",
                                "Authorization",
                                "Bearer a")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void readsATokenInThePathWhenToldSo() {
        http.live = http.builder()
                .prefix("/live")
                .tokenInPath(true)
                .access(request ->
                        CompletableFuture.completedFuture(Grant.of(String.valueOf(request.token()), "", Right.PLAY)))
                .build();

        HttpResponse capability = http.post("/live/room/s3cret%21/whep", Offers.whep());
        assertThat(capability.status()).isEqualTo(201);
        assertThat(http.engine.last().request.grant().subject()).isEqualTo("s3cret!");
        assertThat(http.engine.last().request.room()).isEqualTo("room");
        assertThat(http.send("DELETE", header(capability, "Location"), "").status())
                .isEqualTo(200);

        http.post("/live/room/path/whep", Offers.whep(), "Authorization", "Bearer field");
        assertThat(http.engine.last().request.grant().subject()).isEqualTo("field");
        http.post("/live/room/whep", Offers.whep());
        assertThat(http.engine.last().request.grant().subject()).isEqualTo("null");

        http.live =
                http.builder().prefix("/live").access(Access.allowEverybody()).build();
        assertProblem(http.post("/live/room/s3cret/whep", Offers.whep()), Refusal.NOT_FOUND);
        assertThatThrownBy(() -> http.builder().tokenInPath(true).build()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void letsThePlacementSendAClientAwayForAWhile() {
        http.live = http.builder()
                .placement((kind, room) -> {
                    throw new WhipWhepException(Refusal.OVERLOADED, "All edges are full.", 17);
                })
                .build();

        HttpResponse response = http.post("/live/room/whep", Offers.whep());

        assertProblem(response, Refusal.OVERLOADED);
        assertThat(header(response, "Retry-After")).isEqualTo("17");
        assertThat(http.engine.requests).isEmpty();
    }
}
