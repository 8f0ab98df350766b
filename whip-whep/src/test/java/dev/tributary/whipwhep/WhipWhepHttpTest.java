// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.TurnCredentials;
import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhipWhepHttpTest {
    private static final String SAME_ICE = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef0123456789\r\n";
    private static final String NEW_ICE = "a=ice-ufrag:wxyz\r\na=ice-pwd:abcdef0123456789abcdef0123\r\n";
    private static final String CANDIDATE =
            "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host\r\n";

    private final StubEngine engine = new StubEngine();
    private final AtomicLong nanos = new AtomicLong();
    private WhipWhep live = builder().build();

    private WhipWhep.Builder builder() {
        return WhipWhep.builder(engine)
                .access(Access.allowEverybody())
                .clocks(nanos::get, () -> Instant.parse("2026-11-25T12:00:00Z"));
    }

    private HttpResponse send(String method, String path, String body, String... headers) {
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

    private HttpResponse post(String path, String offer, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/sdp";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("POST", path, offer, all);
    }

    private HttpResponse patch(String path, String fragment, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = SdpFragment.MEDIA_TYPE;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("PATCH", path, fragment, all);
    }

    private static String header(HttpResponse response, String name) {
        return response.headers().first(name).orElse("");
    }

    private static String text(HttpResponse response) {
        return new String(((HttpBody.Bytes) response.body()).bytes(), StandardCharsets.UTF_8);
    }

    private static void assertProblem(HttpResponse response, Refusal refusal) {
        assertThat(response.status()).isEqualTo(refusal.status());
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(text(response)).contains("/" + refusal.slug() + "\"");
    }

    private String opened() {
        return header(post("/live/room/whep", Offers.whep()), "Location");
    }

    @Nested
    class Opening {
        @Test
        void answersAnOfferWithTheAnswerAndTheUrlOfTheSession() {
            HttpResponse response = post("/live/room/whip", Offers.whip());

            assertThat(response.status()).isEqualTo(201);
            assertThat(header(response, "Content-Type")).isEqualTo("application/sdp");
            assertThat(text(response)).startsWith("v=");
            assertThat(header(response, "Location")).matches("/live/room/whip/[A-Za-z0-9_-]{24}");
            assertThat(header(response, "ETag")).isEqualTo("\"ice1\"");
            assertThat(header(response, "Accept-Patch")).isEqualTo("application/trickle-ice-sdpfrag");
            assertThat(engine.requests.get(0).kind()).isEqualTo(SessionKind.WHIP);
            assertThat(engine.requests.get(0).room()).isEqualTo("room");
            assertThat(engine.requests.get(0).offer()).isEqualTo(Offers.whip());
        }

        @ParameterizedTest
        @ValueSource(strings = {"application/sdp; charset=utf-8", "Application/SDP", " application/sdp ;x=y"})
        void readsTheContentTypeAsAMediaType(String type) {
            assertThat(send("POST", "/live/room/whep", Offers.whep(), "content-type", type)
                            .status())
                    .isEqualTo(201);
        }

        @Test
        void refusesAnotherContentTypeWith415() {
            assertProblem(
                    send("POST", "/live/room/whep", "{}", "Content-Type", "application/json"),
                    Refusal.UNSUPPORTED_MEDIA_TYPE);
            assertProblem(send("POST", "/live/room/whep", ""), Refusal.UNSUPPORTED_MEDIA_TYPE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "hello", "v=0\r\nm=video"})
        void refusesWhatIsNoSdpAndLeavesNoSession(String body) {
            assertProblem(post("/live/room/whip", body), Refusal.MALFORMED);
            assertThat(engine.requests).isEmpty();
            assertThat(live.placesTaken()).isZero();
        }

        @ParameterizedTest
        @CsvSource({"whip,recvonly", "whip,inactive", "whep,sendonly", "whep,inactive"})
        void refusesAnOfferOfTheWrongDirection(String kind, String direction) {
            assertProblem(post("/live/room/" + kind, Offers.offer(direction, false)), Refusal.UNACCEPTABLE_OFFER);
        }

        @ParameterizedTest
        @ValueSource(strings = {"whip", "whep"})
        void takesAnOfferThatSendsAndReceives(String kind) {
            assertThat(post("/live/room/" + kind, Offers.offer("sendrecv", false))
                            .status())
                    .isEqualTo(201);
        }

        @Test
        void refusesSeveralMLinesWithoutBundle() {
            assertProblem(
                    post("/live/room/whip", Offers.whip().replace("a=group:BUNDLE 0 1\r\n", "")),
                    Refusal.UNACCEPTABLE_OFFER);
        }

        @Test
        void refusesTwoVideosInOneWhipOffer() {
            String offer = Offers.whip().replace("m=audio", "m=video");
            assertProblem(post("/live/room/whip", offer), Refusal.UNACCEPTABLE_OFFER);
        }

        @Test
        void takesABodyAtTheLimitAndRefusesOneBeyond() {
            String offer = Offers.whep();
            WhipWhepLimits at = new WhipWhepLimits(offer.length(), 9, 99, 99, 9, 9, 9, 9, 9, 5);
            live = builder().limits(at).build();

            assertThat(post("/live/room/whep", offer).status()).isEqualTo(201);
            assertProblem(post("/live/room/whep", offer + " "), Refusal.TOO_LARGE);
        }

        @Test
        void decodesTheRoomOfAnotherInstance() {
            HttpResponse response = post("/live/studio%40b.example%3A8082/whep", Offers.whep());

            assertThat(engine.requests.get(0).room()).isEqualTo("studio@b.example:8082");
            assertThat(header(response, "Location")).startsWith("/live/studio%40b.example%3A8082/whep/");
            assertThat(post("/live/studio@b.example:8082/whep", Offers.whep()).status())
                    .isEqualTo(201);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/live/%/whep",
                    "/live/%zz/whep",
                    "/live/a%2Fb/whep",
                    "/live/%2e%2e/whep",
                    "/live/%00/whep",
                    "/live/%ff/whep",
                    "/live/%20/whep"
                })
        void refusesWhatCannotBeARoom(String path) {
            assertProblem(post(path, Offers.whep()), Refusal.NO_SUCH_ROOM);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/",
                    "/whep",
                    "/live/room",
                    "/live/room/whop",
                    "//evil.example/room/whep",
                    "/live/room/whep/x/y",
                    "/live/room/whep/x/control/y"
                })
        void findsNothingElsewhere(String path) {
            assertProblem(post(path, Offers.whep()), Refusal.NOT_FOUND);
        }

        @Test
        void takesOnlyItsPrefixWhenToldSo() {
            live = builder().prefix("/live").build();

            assertThat(post("/live/room/whep", Offers.whep()).status()).isEqualTo(201);
            assertProblem(post("/live/whep", Offers.whep()), Refusal.NOT_FOUND);
            assertProblem(post("/live/more/room/whep", Offers.whep()), Refusal.NOT_FOUND);
            assertProblem(post("/other/room/whep", Offers.whep()), Refusal.NOT_FOUND);
        }

        @Test
        void saysWhenToTryAgainWhenNobodyPublishes() {
            engine.refuses = new WhipWhepException(Refusal.NO_PUBLISHER, "Nobody publishes in room.", 3);

            HttpResponse response = post("/live/room/whep", Offers.whep());

            assertProblem(response, Refusal.NO_PUBLISHER);
            assertThat(response.status()).isEqualTo(409);
            assertThat(header(response, "Retry-After")).isEqualTo("3");
            assertThat(live.placesTaken()).isZero();
        }

        @Test
        void tellsNothingOfOurOwnFailures() {
            live = WhipWhep.builder(request -> CompletableFuture.failedFuture(new IllegalStateException("secret")))
                    .access(Access.allowEverybody())
                    .build();

            HttpResponse response = post("/live/room/whep", Offers.whep());

            assertProblem(response, Refusal.INTERNAL);
            assertThat(text(response)).doesNotContain("secret");
            assertThat(live.placesTaken()).isZero();
        }

        @Test
        void takesAllPlacesAndNotOneMore() {
            live = builder().limits(WhipWhepLimits.DEFAULT.withSessions(2)).build();

            post("/live/room/whep", Offers.whep());
            String second = opened();
            assertProblem(post("/live/room/whep", Offers.whep()), Refusal.OVERLOADED);

            send("DELETE", second, "");
            assertThat(post("/live/room/whep", Offers.whep()).status()).isEqualTo(201);
        }

        @Test
        void limitsHowFastOneAddressOpensSessions() {
            live = builder().limits(WhipWhepLimits.DEFAULT.withOpens(1, 2)).build();

            opened();
            opened();
            HttpResponse third = post("/live/room/whep", Offers.whep());
            assertProblem(third, Refusal.RATE_LIMITED);
            assertThat(header(third, "Retry-After")).isEqualTo("1");

            nanos.addAndGet(1_000_000_000L);
            assertThat(post("/live/room/whep", Offers.whep()).status()).isEqualTo(201);
        }

        @Test
        void sendsAClientToAnotherServerWith307() {
            live = builder()
                    .placement((kind, room) -> URI.create("https://b.example/live/" + room + "/whep"))
                    .build();

            HttpResponse response = post("/live/room/whep", Offers.whep());

            assertThat(response.status()).isEqualTo(307);
            assertThat(header(response, "Location")).isEqualTo("https://b.example/live/room/whep");
            assertThat(engine.requests).isEmpty();
        }

        @Test
        void takesNoNewSessionsWhileDraining() {
            String session = opened();
            live.drain(30);

            HttpResponse response = post("/live/room/whep", Offers.whep());

            assertProblem(response, Refusal.DRAINING);
            assertThat(header(response, "Retry-After")).isEqualTo("30");
            assertThat(send("GET", session, "").status()).isEqualTo(204);
        }
    }

    @Nested
    class Links {
        @Test
        void putsIceServersFirstAndEachInItsOwnField() {
            live = builder()
                    .iceServers(List.of(
                            IceServer.of("stun:stun.example:3478"),
                            new IceServer("turn:turn.example:3478?transport=udp", "user", "pass-word")))
                    .build();

            HttpResponse response = post("/live/room/whep", Offers.dynamicWhep());

            String location = header(response, "Location");
            assertThat(response.headers().all("Link"))
                    .containsExactly(
                            "<stun:stun.example:3478>; rel=\"ice-server\"",
                            "<turn:turn.example:3478?transport=udp>; rel=\"ice-server\"; username=\"user\";"
                                    + " credential=\"pass-word\"; credential-type=\"password\"",
                            "<" + location + "/control>; rel=\"urn:ietf:params:whep:ext:dynamic\"; v=\"1\"");
        }

        @Test
        void makesCredentialsAnewForEachAnswer() {
            AtomicInteger made = new AtomicInteger();
            live = builder()
                    .iceServers(() -> List.of(IceServer.of(
                            "turn:turn.example?transport=udp",
                            new TurnCredentials("user" + made.incrementAndGet(), "pass"))))
                    .build();

            assertThat(post("/live/room/whep", Offers.whep()).headers().all("Link"))
                    .singleElement()
                    .asString()
                    .contains("username=\"user1\"; credential=\"pass\"");
            assertThat(post("/live/room/whep", Offers.whep()).headers().all("Link"))
                    .singleElement()
                    .asString()
                    .contains("username=\"user2\"");
        }

        @Test
        void advertisesTheExtensionOnlyWhenTheSessionHasIt() {
            assertThat(post("/live/room/whep", Offers.whep()).headers().all("Link"))
                    .isEmpty();

            live = builder().dynamic(false).build();
            assertThat(post("/live/room/whep", Offers.dynamicWhep()).headers().all("Link"))
                    .isEmpty();
        }

        @Test
        void advertisesTheExtensionOnOptionsAndKeepsCredentialsBack() {
            live = builder()
                    .iceServers(List.of(
                            IceServer.of("stun:stun.example"), new IceServer("turn:turn.example", "u", "secret")))
                    .build();

            HttpResponse response = send("OPTIONS", "/live/room/whip", "");

            assertThat(response.status()).isEqualTo(200);
            assertThat(header(response, "Accept-Post")).isEqualTo("application/sdp");
            assertThat(response.headers().all("Link"))
                    .containsExactly(
                            "<stun:stun.example>; rel=\"ice-server\"",
                            "</live/room/whip>; rel=\"urn:ietf:params:whip:ext:dynamic\"; v=\"1\"");
        }
    }

    @Nested
    class Cors {
        @Test
        void answersPreflightBeforeAnyAuthentication() {
            live = WhipWhep.builder(engine).build();

            HttpResponse response = send("OPTIONS", "/live/room/whip", "", "Access-Control-Request-Method", "POST");

            assertThat(response.status()).isEqualTo(204);
            assertThat(header(response, "Access-Control-Allow-Headers"))
                    .contains("Authorization", "Content-Type", "If-Match");
            assertThat(header(response, "Access-Control-Allow-Methods")).contains("PATCH", "DELETE");
            assertThat(response.headers().all("Link")).isEmpty();
        }

        @Test
        void letsScriptsReadEveryResponse() {
            String session = opened();
            List<HttpResponse> responses = List.of(
                    post("/live/room/whep", Offers.whep()),
                    post("/live/room/whep", "bad"),
                    send("GET", "/nothing", ""),
                    send("GET", session, ""),
                    send("DELETE", session, ""),
                    send("DELETE", session, ""));

            assertThat(responses).allSatisfy(response -> {
                assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
                assertThat(header(response, "Access-Control-Expose-Headers"))
                        .isEqualTo("Location, Link, ETag, Accept-Patch, Accept-Post, Retry-After, WWW-Authenticate");
            });
        }
    }

    @Nested
    class WhoMayComeIn {
        private String seenToken = "never asked";

        private void withTokens() {
            live = builder()
                    .access(request -> {
                        seenToken = request.token();
                        if (request.token() == null) {
                            return CompletableFuture.failedFuture(
                                    new WhipWhepException(Refusal.UNAUTHENTICATED, "No token."));
                        }
                        return CompletableFuture.completedFuture(
                                Grant.of("subject of " + request.token(), "Label", Right.PLAY));
                    })
                    .build();
        }

        @ParameterizedTest
        @ValueSource(strings = {"Bearer t0ken", "bearer t0ken", "BEARER   t0ken  "})
        void readsABearerToken(String authorization) {
            withTokens();

            assertThat(post("/live/room/whep", Offers.whep(), "Authorization", authorization)
                            .status())
                    .isEqualTo(201);
            assertThat(seenToken).isEqualTo("t0ken");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Bearer undefined",
                    "Bearer null",
                    "Bearer",
                    "Bearer ",
                    "Basic dXNlcjpwYXNz",
                    "t0ken",
                    "Bearer a b"
                })
        void takesNothingElseForAToken(String authorization) {
            withTokens();

            HttpResponse response = post("/live/room/whep", Offers.whep(), "Authorization", authorization);

            assertProblem(response, Refusal.UNAUTHENTICATED);
            assertThat(header(response, "WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(seenToken).isNull();
        }

        @Test
        void refusesWhatAValidTokenDoesNotAllowWith403() {
            withTokens();

            assertProblem(post("/live/room/whip", Offers.whip(), "Authorization", "Bearer t0ken"), Refusal.FORBIDDEN);
            assertThat(engine.requests).isEmpty();
        }

        @Test
        void letsNobodyInUnlessToldSo() {
            live = WhipWhep.builder(engine).build();

            assertProblem(post("/live/room/whep", Offers.whep()), Refusal.UNAUTHENTICATED);
        }

        @Test
        void takesARawTokenWhenToldSo() {
            withTokens();
            live = builder()
                    .rawTokens(true)
                    .access(request -> {
                        seenToken = request.token();
                        return Access.allowEverybody().verify(request);
                    })
                    .build();

            post("/live/room/whep", Offers.whep(), "Authorization", "t0ken");

            assertThat(seenToken).isEqualTo("t0ken");
        }

        @Test
        void refusesAGrantThatHasExpired() {
            Grant grant = Grant.of("somebody", "", Right.PLAY).until(Instant.parse("2026-11-25T12:00:00Z"));
            live = builder()
                    .access(request -> CompletableFuture.completedFuture(grant))
                    .build();

            assertProblem(post("/live/room/whep", Offers.whep()), Refusal.UNAUTHENTICATED);
        }

        @Test
        void endsTheSessionWhenItsGrantIsRevoked() {
            CompletableFuture<Void> revoked = new CompletableFuture<>();
            Grant grant = Grant.of("guest", "", Right.PLAY).revokedBy(revoked);
            live = builder()
                    .access(request -> CompletableFuture.completedFuture(grant))
                    .build();
            String session = opened();

            revoked.complete(null);

            assertThat(engine.last().asked).isEqualTo(CloseReason.REVOKED);
            assertProblem(send("GET", session, ""), Refusal.NO_SUCH_SESSION);
        }

        @Test
        void endsASessionByItsUrlAlone() {
            withTokens();
            String session =
                    header(post("/live/room/whep", Offers.whep(), "Authorization", "Bearer t0ken"), "Location");

            assertThat(send("DELETE", session, "").status()).isEqualTo(200);
        }

        @Test
        void demandsTheTokenOfTheSessionWhenToldSo() {
            live = builder()
                    .tokenOnSessions(true)
                    .access(request -> request.token() == null
                            ? CompletableFuture.failedFuture(
                                    new WhipWhepException(Refusal.UNAUTHENTICATED, "No token."))
                            : CompletableFuture.completedFuture(Grant.of(request.token(), "", Right.PLAY)))
                    .build();
            String session = header(post("/live/room/whep", Offers.whep(), "Authorization", "Bearer a"), "Location");

            assertProblem(send("DELETE", session, ""), Refusal.UNAUTHENTICATED);
            assertProblem(send("DELETE", session, "", "Authorization", "Bearer b"), Refusal.FORBIDDEN);
            assertThat(send("DELETE", session, "", "Authorization", "Bearer a").status())
                    .isEqualTo(200);
        }
    }

    @Nested
    class Ending {
        @ParameterizedTest
        @ValueSource(strings = {"\"ice1\"", "\"other\"", "*", "ice1"})
        void ignoresEntityTagsOnDelete(String tag) {
            String session = opened();

            HttpResponse response = send("DELETE", session, "", "If-Match", tag);

            assertThat(response.status()).isEqualTo(200);
            assertThat(text(response)).isEmpty();
            assertThat(engine.last().asked).isEqualTo(CloseReason.DELETED);
        }

        @Test
        void knowsNoSessionTwice() {
            String session = opened();
            send("DELETE", session, "");

            assertProblem(send("DELETE", session, ""), Refusal.NO_SUCH_SESSION);
            assertProblem(send("DELETE", "/live/room/whep/never-was", ""), Refusal.NO_SUCH_SESSION);
        }

        @Test
        void findsASessionOnlyUnderItsOwnRoomAndProtocol() {
            String session = opened();

            assertProblem(send("DELETE", session.replace("/room/", "/other/"), ""), Refusal.NO_SUCH_SESSION);
            assertProblem(send("DELETE", session.replace("/whep/", "/whip/"), ""), Refusal.NO_SUCH_SESSION);
            assertThat(send("GET", session, "").status()).isEqualTo(204);
        }

        @Test
        void forgetsASessionWhoseMediaIsGone() {
            String session = opened();

            engine.last().closed.complete(CloseReason.CONNECTION_LOST);

            assertProblem(send("PATCH", session, "", "Content-Type", SdpFragment.MEDIA_TYPE), Refusal.NO_SUCH_SESSION);
            assertThat(live.placesTaken()).isZero();
        }

        @Test
        void holdsThePlaceUntilTheMediaSideIsGone() {
            engine.closesSlowly = true;
            String session = opened();

            send("DELETE", session, "");
            assertThat(live.placesTaken()).isEqualTo(1);

            engine.last().closed.complete(CloseReason.DELETED);
            assertThat(live.placesTaken()).isZero();
        }

        @Test
        void endsEverySessionOnClose() {
            opened();
            opened();

            live.close();
            live.close();

            assertThat(engine.sessions)
                    .allSatisfy(session -> assertThat(session.asked).isEqualTo(CloseReason.DRAINING));
            assertThat(live.sessions()).isEmpty();
        }
    }

    @Nested
    class Trickling {
        @Test
        void takesCandidatesWithTheEntityTag() {
            String session = opened();

            HttpResponse response = patch(session, CANDIDATE, "If-Match", "\"ice1\"");

            assertThat(response.status()).isEqualTo(204);
            assertThat(response.headers().first("ETag")).isEmpty();
            assertThat(text(response)).isEmpty();
            assertThat(engine.last().trickled.get(0).candidates()).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"*", "\"*\"", "ice1", "\"other\", \"ice1\""})
        void understandsTheTagsOfRealClients(String tag) {
            assertThat(patch(opened(), SAME_ICE + CANDIDATE, "If-Match", tag).status())
                    .isEqualTo(204);
        }

        @Test
        void takesCandidatesWithoutATagWhenTheyNameTheirIceSession() {
            assertThat(patch(opened(), SAME_ICE + CANDIDATE).status()).isEqualTo(204);
            assertProblem(patch(opened(), CANDIDATE), Refusal.PRECONDITION_REQUIRED);
        }

        @Test
        void refusesTheTagOfAnotherIceSession() {
            assertProblem(patch(opened(), SAME_ICE + CANDIDATE, "If-Match", "\"ice0\""), Refusal.PRECONDITION_FAILED);
            assertThat(engine.last().trickled).isEmpty();
        }

        @Test
        void demandsTagsToTheLetterWhenStrict() {
            live = builder().strict(true).build();

            assertProblem(patch(opened(), SAME_ICE + CANDIDATE), Refusal.PRECONDITION_REQUIRED);
            assertProblem(patch(opened(), SAME_ICE + CANDIDATE, "If-Match", "ice1"), Refusal.PRECONDITION_FAILED);
            assertThat(patch(opened(), SAME_ICE + CANDIDATE, "If-Match", "\"ice1\"")
                            .status())
                    .isEqualTo(204);
        }

        @Test
        void refusesOtherBodies() {
            String session = opened();

            assertProblem(
                    send("PATCH", session, "{}", "Content-Type", "application/json"), Refusal.UNSUPPORTED_MEDIA_TYPE);
            assertProblem(
                    send("PATCH", session, Offers.whep(), "Content-Type", "application/sdp"), Refusal.NOT_SUPPORTED);
            assertProblem(patch(session, "no fragment", "If-Match", "*"), Refusal.MALFORMED);
            assertProblem(patch(session, CANDIDATE + "x".repeat(256 * 1024), "If-Match", "*"), Refusal.TOO_LARGE);
        }

        @Test
        void limitsHowOftenASessionChanges() {
            live = builder().limits(WhipWhepLimits.DEFAULT.withPatches(1, 2)).build();
            String session = opened();

            patch(session, SAME_ICE + CANDIDATE);
            patch(session, SAME_ICE + CANDIDATE);
            assertProblem(patch(session, SAME_ICE + CANDIDATE), Refusal.RATE_LIMITED);
            assertThat(patch(opened(), SAME_ICE + CANDIDATE).status()).isEqualTo(204);
        }
    }

    @Nested
    class Restarting {
        @Test
        void answersNewCredentialsWithOurNewOnesAndANewTag() {
            String session = opened();

            HttpResponse response = patch(session, NEW_ICE + CANDIDATE, "If-Match", "*");

            assertThat(response.status()).isEqualTo(200);
            assertThat(header(response, "Content-Type")).isEqualTo("application/trickle-ice-sdpfrag");
            assertThat(header(response, "ETag")).isEqualTo("\"ice2\"");
            assertThat(text(response)).contains("a=ice-ufrag:serv2");
            assertThat(engine.last().restarts).hasSize(1);
        }

        @Test
        void takesCandidatesOfTheNewIceSessionAndNoneOfTheOld() {
            String session = opened();
            patch(session, NEW_ICE, "If-Match", "*");

            assertThat(patch(session, NEW_ICE + CANDIDATE).status()).isEqualTo(204);
            assertProblem(patch(session, SAME_ICE + CANDIDATE, "If-Match", "\"ice1\""), Refusal.PRECONDITION_FAILED);
            assertProblem(patch(session, SAME_ICE + CANDIDATE), Refusal.PRECONDITION_REQUIRED);
        }

        @Test
        void keepsTheSessionWhenARestartFails() {
            String session = opened();
            engine.last().refusesRestart = new WhipWhepException(Refusal.NOT_SUPPORTED, "No restart.");

            assertProblem(patch(session, NEW_ICE, "If-Match", "*"), Refusal.NOT_SUPPORTED);

            assertThat(patch(session, SAME_ICE + CANDIDATE).status()).isEqualTo(204);
            assertThat(engine.last().asked).isNull();
        }
    }

    @Nested
    class Asking {
        @Test
        void answersGetWithNothing() {
            assertThat(send("GET", "/live/room/whip", "").status()).isEqualTo(204);
            assertThat(send("GET", opened(), "").status()).isEqualTo(204);
        }

        @Test
        void tellsPlayersByHeadWhatAnEndpointIs() {
            HttpResponse response = send("HEAD", "/live/room/whep", "");

            assertThat(response.status()).isEqualTo(200);
            assertThat(header(response, "Content-Type")).isEqualTo("application/sdp");
        }

        @ParameterizedTest
        @CsvSource({"PUT,/live/room/whip", "DELETE,/live/room/whip", "PATCH,/live/room/whep"})
        void saysWhichMethodsThereAre(String method, String path) {
            HttpResponse response = send(method, path, "");

            assertProblem(response, Refusal.METHOD_NOT_ALLOWED);
            assertThat(header(response, "Allow")).contains("POST");
        }

        @Test
        void givesTheTrackListToThoseWhoAskByHttp() {
            String session = opened();
            assertProblem(send("GET", session + "/control", ""), Refusal.NOT_FOUND);

            engine.last().snapshot = "{\"type\":\"tracks\"}";
            HttpResponse response = send("GET", session + "/control", "");

            assertThat(response.status()).isEqualTo(200);
            assertThat(header(response, "Content-Type")).isEqualTo("application/json");
            assertThat(text(response)).isEqualTo("{\"type\":\"tracks\"}");
        }
    }
}
