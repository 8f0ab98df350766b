// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundRequest;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.internal.client.Links;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhipWhepClientTest {
    private static final URI ENDPOINT = URI.create("https://a.example/live/room/whep");
    private static final SdpFragment NEW_ICE =
            SdpFragment.parse("a=ice-ufrag:wxyz\r\na=ice-pwd:abcdef0123456789abcdef0123\r\n");
    private static final SdpFragment CANDIDATE =
            SdpFragment.parse("a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host\r\n");

    private final StubEngine engine = new StubEngine();
    private final WhipWhep server = WhipWhep.builder(engine)
            .access(Access.allowEverybody())
            .iceServers(List.of(new IceServer("turn:turn.example?transport=udp", "user", "pass")))
            .build();
    private final List<OutboundRequest> sent = new ArrayList<>();
    private final HttpClient http = this::send;
    private HttpResponse instead;

    private CompletionStage<HttpResponse> send(OutboundRequest request) {
        sent.add(request);
        if (instead != null) {
            HttpResponse response = instead;
            instead = null;
            return CompletableFuture.completedFuture(response);
        }
        return server.handle(new HttpRequest(
                request.method(),
                request.uri().getRawPath(),
                "",
                request.headers(),
                request.body(),
                new InetSocketAddress("192.0.2.1", 1)));
    }

    private ClientSession open(String offer) {
        return join(WhipWhepClient.of(http).open(SessionKind.WHEP, ENDPOINT, offer));
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void opensASessionAndReadsWhatTheServerSays() {
        ClientSession session = open(Offers.dynamicWhep());

        assertThat(session.answer()).startsWith("v=0");
        assertThat(session.url().toString()).startsWith("https://a.example/live/room/whep/");
        assertThat(session.etag()).isEqualTo("\"ice1\"");
        assertThat(session.iceServers())
                .containsExactly(new IceServer("turn:turn.example?transport=udp", "user", "pass"));
        assertThat(session.isDynamic()).isTrue();
        assertThat(session.controlUrl()).isEqualTo(URI.create(session.url() + "/control"));
    }

    @Test
    void staysStaticWithoutALinkOfTheExtension() {
        assertThat(open(Offers.whep()).isDynamic()).isFalse();
    }

    @Test
    void restartsAndTricklesWithTheEntityTagsOfTheServer() {
        ClientSession session = open(Offers.whep());

        assertThat(join(session.trickle(CANDIDATE))).isTrue();
        SdpFragment theirs = join(session.restart(NEW_ICE));
        join(session.trickle(CANDIDATE));

        assertThat(theirs.ufrag()).isEqualTo("serv2");
        assertThat(sent.stream()
                        .skip(1)
                        .map(request -> request.headers().first("If-Match").orElse("")))
                .containsExactly("\"ice1\"", "*", "\"ice2\"");
        assertThat(engine.last().trickled).hasSize(2);
    }

    @Test
    void endsTheSessionWithoutAnEntityTagAndOnlyOnce() {
        ClientSession session = open(Offers.whep());

        join(session.delete());
        join(session.delete());

        assertThat(engine.last().asked).isEqualTo(CloseReason.DELETED);
        assertThat(sent.get(1).headers().first("If-Match")).isEmpty();
    }

    @Test
    void tellsARefusedCandidateFromALostSession() {
        ClientSession session = open(Offers.whep());
        instead = HttpResponse.of(405);
        assertThat(join(session.trickle(CANDIDATE))).isFalse();

        engine.last().closed.complete(CloseReason.CONNECTION_LOST);

        assertThatThrownBy(() -> join(session.trickle(CANDIDATE)))
                .hasCauseInstanceOf(ClientException.class)
                .satisfies(e -> assertThat(((ClientException) e.getCause()).isSessionGone())
                        .isTrue());
    }

    @Test
    void saysWhenToTryAgain() {
        engine.refuses = new WhipWhepException(Refusal.NO_PUBLISHER, "Nobody.", 7);

        assertThatThrownBy(() -> open(Offers.whep())).satisfies(e -> {
            ClientException refused = (ClientException) e.getCause();
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.retryAfterSeconds()).isEqualTo(7);
        });
    }

    @Test
    void followsARedirectAndResolvesTheSessionAgainstItsEnd() {
        instead = HttpResponse.of(307).with("Location", "https://b.example/live/room/whep");

        ClientSession session = open(Offers.whep());

        assertThat(session.url().getHost()).isEqualTo("b.example");
        assertThat(sent.get(1).method()).isEqualTo("POST");
    }

    @Test
    void sendsTheTokenToTheServerOfTheEndpointOnly() {
        instead = HttpResponse.of(201, "application/sdp", "v=0\r\n").with("Location", "https://evil.example/s");
        ClientSession session =
                join(WhipWhepClient.of(http).withToken("secret").open(SessionKind.WHEP, ENDPOINT, Offers.whep()));
        join(session.delete());

        assertThat(sent.get(0).headers().first("Authorization")).contains("Bearer secret");
        assertThat(sent.get(1).uri().getHost()).isEqualTo("evil.example");
        assertThat(sent.get(1).headers().first("Authorization")).isEmpty();
    }

    @Test
    void letsADecoratorSignEveryRequest() {
        WhipWhepClient client = WhipWhepClient.of(http).withDecorator(request -> request.with("Signature", "signed"));
        instead = HttpResponse.of(307).with("Location", "https://b.example/live/room/whep");

        join(join(client.open(SessionKind.WHEP, ENDPOINT, Offers.whep())).delete());

        assertThat(sent)
                .hasSize(3)
                .allSatisfy(request ->
                        assertThat(request.headers().all("Signature")).containsExactly("signed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ftp://a.example/x", "https://user:pass@a.example/x", "http://[bad"})
    void refusesASessionWithoutAUsableLocation(String location) {
        instead = HttpResponse.of(201, "application/sdp", "v=0\r\n").with("Location", location);

        assertThatThrownBy(() -> open(Offers.whep())).hasCauseInstanceOf(ClientException.class);
    }

    @Test
    void discoversTheExtensionByOptions() {
        assertThat(join(WhipWhepClient.of(http)
                                .discover(SessionKind.WHIP, URI.create("https://a.example/live/room/whip")))
                        .isDynamic())
                .isTrue();
    }

    @Test
    void readsLinksInTheShapesThatServersWrite() {
        List<Links.Link> links = Links.parse(List.of(
                "<stun:one.example>; rel=\"ice-server\", <turn:two.example?transport=udp>; rel=ice-server; username=\"a,b\"; credential=\"x=;y\"",
                "turn:three.example%3Ftransport=tcp; rel=\"ice-server\"; username: \"u\"; credential: \"p\"",
                "<https://a.example/x>; rel=\"next urn:x\"",
                "",
                "<nonsense>; rel=\"ice-server\""));

        assertThat(Links.iceServers(links))
                .containsExactly(
                        IceServer.of("stun:one.example"),
                        new IceServer("turn:two.example?transport=udp", "a,b", "x=;y"),
                        new IceServer("turn:three.example?transport=tcp", "u", "p"));
        assertThat(links.get(3).hasRelation("urn:x")).isTrue();
    }
}
