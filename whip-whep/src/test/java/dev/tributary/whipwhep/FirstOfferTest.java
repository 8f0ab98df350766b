// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static dev.tributary.whipwhep.HttpHarness.assertProblem;
import static dev.tributary.whipwhep.HttpHarness.header;
import static dev.tributary.whipwhep.HttpHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpResponse;
import dev.tributary.sdp.SdpFragment;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server makes the first offer: 406 to an offer that cannot be accepted, 201 to a POST without one. */
class FirstOfferTest {
    private static final String ANSWER = Offers.offer("recvonly", true);

    private final HttpHarness http = new HttpHarness();

    @BeforeEach
    void theRoomStageOffersFirst() {
        http.engine.offers = new ArrayList<>();
        http.live = http.builder()
                .counterOffers(room -> room.equals("stage"))
                .emptyPosts(room -> room.equals("stage"))
                .build();
    }

    private HttpResponse countered() {
        http.engine.refuses = new WhipWhepException(Refusal.UNACCEPTABLE_OFFER, "No codec in common.");
        return http.post("/live/stage/whep", Offers.whep());
    }

    private HttpResponse patch(String location, String type, String body) {
        return http.send("PATCH", location, body, "Content-Type", type);
    }

    @Test
    void countersAnOfferThatItCannotAccept() {
        HttpResponse response = countered();

        assertThat(response.status()).isEqualTo(406);
        assertThat(header(response, "Content-Type")).isEqualTo("application/sdp");
        assertThat(text(response)).startsWith("v=0").contains("a=sendonly");
        assertThat(header(response, "Location")).startsWith("/live/stage/whep/");
        assertThat(http.live.placesTaken()).isEqualTo(1);
        assertThat(http.engine.offers.get(0).request.offer()).isEqualTo(Offers.whep());
    }

    @Test
    void saysHowLongTheCounterOfferHoldsWhenThatIsNotThirtySeconds() {
        http.live = http.builder()
                .counterOffers(room -> true)
                .limits(WhipWhepLimits.DEFAULT.withOfferSeconds(90))
                .build();

        assertThat(header(countered(), "Content-Type"))
                .isEqualTo("application/sdp; valid-until=\"Wed, 25 Nov 2026 12:01:30 GMT\"");
    }

    @Test
    void takesTheAnswerAndIsASessionFromThenOn() {
        String location = header(countered(), "Location");
        assertThat(http.send("GET", location, "").status()).isEqualTo(204);

        HttpResponse response = patch(location, "application/sdp", ANSWER);

        assertThat(response.status()).isEqualTo(204);
        assertThat(header(response, "ETag")).isEqualTo("\"ice1\"");
        assertThat(http.engine.offers.get(0).answers).containsExactly(ANSWER);
        assertThat(patch(
                                location,
                                SdpFragment.MEDIA_TYPE,
                                "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef0123456789\r\n")
                        .status())
                .isEqualTo(204);
        assertProblem(patch(location, "application/sdp", ANSWER), Refusal.NOT_SUPPORTED);
        assertThat(http.send("DELETE", location, "").status()).isEqualTo(200);
        assertThat(http.engine.last().asked).isEqualTo(CloseReason.DELETED);
        assertThat(http.live.placesTaken()).isZero();
    }

    @Test
    void keepsTheOfferWhenTheAnswerCannotBeUsed() {
        String location = header(countered(), "Location");

        assertProblem(patch(location, "application/sdp", "hello"), Refusal.MALFORMED);
        assertProblem(patch(location, "application/json", "{}"), Refusal.UNSUPPORTED_MEDIA_TYPE);
        assertProblem(patch(location, SdpFragment.MEDIA_TYPE, "a=ice-ufrag:x\r\n"), Refusal.NOT_SUPPORTED);
        http.engine.refusesAnswer = new WhipWhepException(Refusal.UNACCEPTABLE_OFFER, "No.");
        assertProblem(patch(location, "application/sdp", ANSWER), Refusal.UNACCEPTABLE_OFFER);
        http.engine.refusesAnswer = null;

        assertThat(patch(location, "application/sdp", ANSWER).status()).isEqualTo(204);
    }

    @Test
    void freesThePlaceWhenTheClientDeclines() {
        String location = header(countered(), "Location");

        assertThat(http.send("DELETE", location, "").status()).isEqualTo(200);

        assertThat(http.engine.offers.get(0).closed).isEqualTo(CloseReason.DELETED);
        assertThat(http.live.placesTaken()).isZero();
        assertProblem(patch(location, "application/sdp", ANSWER), Refusal.NO_SUCH_SESSION);
    }

    @Test
    void freesThePlaceWhenNoAnswerComesInTime() {
        http.live = http.builder()
                .counterOffers(room -> true)
                .limits(WhipWhepLimits.DEFAULT.withOfferSeconds(1))
                .build();
        countered();

        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (http.live.placesTaken() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(20_000_000);
        }

        assertThat(http.live.placesTaken()).isZero();
        assertThat(http.engine.offers.get(0).closed).isEqualTo(CloseReason.CONNECTION_LOST);
    }

    @Test
    void demandsTheTokenForTheAnswerWhenToldSo() {
        http.live = http.builder()
                .emptyPosts(room -> true)
                .tokenOnSessions(true)
                .access(Access.tokens(Map.of("a", room -> Grant.of("alice", "", Right.PLAY))))
                .build();
        String location = header(http.send("POST", "/live/stage/whep", "", "Authorization", "Bearer a"), "Location");

        assertProblem(patch(location, "application/sdp", ANSWER), Refusal.UNAUTHENTICATED);
        assertProblem(http.send("DELETE", location, ""), Refusal.UNAUTHENTICATED);
        assertThat(http.send("DELETE", location, "", "Authorization", "Bearer a")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void freesThePlaceWhenTheServerCloses() {
        countered();

        http.live.close();

        assertThat(http.live.placesTaken()).isZero();
    }

    @Test
    void countersOnlyWhereToldAndOnlyWhatCannotBeAccepted() {
        http.engine.refuses = new WhipWhepException(Refusal.UNACCEPTABLE_OFFER, "No codec in common.");
        assertProblem(http.post("/live/other/whep", Offers.whep()), Refusal.UNACCEPTABLE_OFFER);
        http.engine.refuses = new WhipWhepException(Refusal.UNACCEPTABLE_OFFER, "No codec in common.");
        assertProblem(http.post("/live/stage/whip", Offers.whip()), Refusal.UNACCEPTABLE_OFFER);
        http.engine.refuses = new WhipWhepException(Refusal.NO_PUBLISHER, "Nobody.");
        assertProblem(http.post("/live/stage/whep", Offers.whep()), Refusal.NO_PUBLISHER);
        assertThat(http.live.placesTaken()).isZero();
    }

    @Test
    void tellsTheRefusalWhenTheEngineNeverOffersFirst() {
        http.engine.offers = null;

        assertProblem(countered(), Refusal.NOT_SUPPORTED);
        assertThat(http.live.placesTaken()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void offersToAPlayerThatSendsNoOffer(String body) {
        HttpResponse response = http.send("POST", "/live/stage/whep", body, "Accept", "application/sdp");

        assertThat(response.status()).isEqualTo(201);
        assertThat(text(response)).startsWith("v=0").contains("a=sendonly");
        assertThat(http.engine.offers.get(0).request.kind()).isEqualTo(SessionKind.WHEP);
        assertThat(http.engine.offers.get(0).request.offer()).isEmpty();
        assertThat(patch(header(response, "Location"), "application/sdp", ANSWER)
                        .status())
                .isEqualTo(204);
    }

    @Test
    void takesNoEmptyPostElsewhere() {
        assertProblem(http.send("POST", "/live/other/whep", ""), Refusal.UNSUPPORTED_MEDIA_TYPE);
        assertProblem(http.post("/live/other/whep", ""), Refusal.MALFORMED);
        assertProblem(http.post("/live/stage/whip", ""), Refusal.MALFORMED);
    }
}
