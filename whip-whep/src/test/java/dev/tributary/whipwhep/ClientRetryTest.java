// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundException;
import dev.tributary.core.http.OutboundRequest;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that tries again, in virtual time, and one that takes up a counter-offer. */
class ClientRetryTest {
    private static final URI ENDPOINT = URI.create("https://a.example/live/room/whep");
    private static final Backoff BACKOFF = new Backoff(4, 1_000, 3_000, 60_000);

    private final Deque<Object> answers = new ArrayDeque<>();
    private final List<OutboundRequest> sent = new ArrayList<>();
    private final List<Long> delays = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final WhipWhepClient client = WhipWhepClient.of(this::send)
            .withBackoff(BACKOFF, new SplittableRandom(7), (task, delayMillis) -> {
                delays.add(delayMillis);
                later.add(task);
            });

    private CompletionStage<HttpResponse> send(OutboundRequest request) {
        sent.add(request);
        Object answer = answers.remove();
        return answer instanceof HttpResponse response
                ? CompletableFuture.completedFuture(response)
                : CompletableFuture.failedFuture((Throwable) answer);
    }

    private static HttpResponse created() {
        return HttpResponse.of(201, "application/sdp", "v=0\r\n").with("Location", "/live/room/whep/1");
    }

    private CompletableFuture<ClientSession> open() {
        CompletableFuture<ClientSession> opened =
                client.open(SessionKind.WHEP, ENDPOINT, Offers.whep()).toCompletableFuture();
        while (!later.isEmpty()) {
            later.remove().run();
        }
        return opened;
    }

    @Test
    void waitsLongerFromTryToTryAndNeverAsLongAsTheOthers() {
        answers.add(HttpResponse.of(503));
        answers.add(new OutboundException(OutboundException.Reason.CONNECT_FAILED, "no route"));
        answers.add(HttpResponse.of(500));
        answers.add(created());

        assertThat(open().join().url()).hasPath("/live/room/whep/1");

        assertThat(delays).hasSize(3);
        assertThat(delays.get(0)).isBetween(500L, 1_000L);
        assertThat(delays.get(1)).isBetween(1_000L, 2_000L);
        assertThat(delays.get(2)).isBetween(1_500L, 3_000L);
    }

    @Test
    void waitsAtLeastAsLongAsTheServerSays() {
        answers.add(HttpResponse.of(409).with("Retry-After", "7"));
        answers.add(created());

        open().join();

        assertThat(delays.get(0)).isBetween(7_000L, 7_500L);
    }

    @Test
    void givesUpWhenTheServerAsksForTooMuch() {
        answers.add(HttpResponse.of(503).with("Retry-After", "61"));

        assertThatThrownBy(() -> open().join()).hasCauseInstanceOf(ClientException.class);
        assertThat(delays).isEmpty();
    }

    @Test
    void givesUpAfterItsTriesAndTellsTheLastRefusal() {
        for (int i = 0; i < 5; i++) {
            answers.add(HttpResponse.of(503));
        }

        assertThatThrownBy(() -> open().join())
                .satisfies(e ->
                        assertThat(((ClientException) e.getCause()).status()).isEqualTo(503));
        assertThat(sent).hasSize(5);
        assertThat(answers).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 406, 415, 422})
    void doesNotRepeatWhatWillBeRefusedAgain(int status) {
        answers.add(HttpResponse.of(status));

        assertThatThrownBy(() -> open().join()).hasCauseInstanceOf(ClientException.class);
        assertThat(sent).hasSize(1);
    }

    @Test
    void endsASessionThatNobodyWaitsForAnyMore() {
        CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
        List<OutboundRequest> requests = new ArrayList<>();
        CompletableFuture<ClientSession> opened = WhipWhepClient.of(request -> {
                    requests.add(request);
                    return request.method().equals("POST")
                            ? slow
                            : CompletableFuture.completedFuture(HttpResponse.of(200));
                })
                .open(SessionKind.WHEP, ENDPOINT, Offers.whep())
                .toCompletableFuture();

        opened.cancel(false);
        slow.complete(created());

        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).method()).isEqualTo("DELETE");
        assertThat(requests.get(1).uri()).hasPath("/live/room/whep/1");
    }

    @Test
    void takesUpACounterOffer() {
        answers.add(
                HttpResponse.of(406, "application/sdp", "v=0\r\ns=offer\r\n").with("Location", "/live/room/whep/2"));
        answers.add(HttpResponse.of(204)
                .with("ETag", "\"x\"")
                .with("Link", "</live/room/whep/2/control>; rel=\"urn:ietf:params:whep:ext:dynamic\""));
        List<String> offers = new ArrayList<>();

        ClientSession session = client.withToken("secret")
                .withAnswerer(offer -> {
                    offers.add(offer);
                    return CompletableFuture.completedFuture("v=0\r\ns=answer\r\n");
                })
                .open(SessionKind.WHEP, ENDPOINT, Offers.whep())
                .toCompletableFuture()
                .join();

        assertThat(offers).containsExactly("v=0\r\ns=offer\r\n");
        assertThat(sent.get(1).method()).isEqualTo("PATCH");
        assertThat(sent.get(1).headers().first("Content-Type")).contains("application/sdp");
        assertThat(sent.get(1).headers().first("Authorization")).contains("Bearer secret");
        assertThat(session.answer()).isEqualTo("v=0\r\ns=answer\r\n");
        assertThat(session.etag()).isEqualTo("\"x\"");
        assertThat(session.controlUrl()).hasPath("/live/room/whep/2/control");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain"})
    void takesA406WithoutADescriptionForARefusal(String type) {
        answers.add(HttpResponse.of(406, type, "v=0"));

        assertThatThrownBy(() -> client.withAnswerer(CompletableFuture::completedFuture)
                        .open(SessionKind.WHEP, ENDPOINT, Offers.whep())
                        .toCompletableFuture()
                        .join())
                .hasCauseInstanceOf(ClientException.class);
        assertThat(sent).hasSize(1);
    }

    @Test
    void asksForTheChannelOverHttpUnderTheNameThatItIsTold() {
        answers.add(created().with("Link", "<c>; rel=\"urn:x\""));

        ClientSession session = client.withDynamicRelation(SessionKind.WHEP, "urn:x")
                .askingForControl()
                .open(SessionKind.WHEP, ENDPOINT, Offers.whep())
                .toCompletableFuture()
                .join();

        assertThat(sent.get(0).headers().first("Link")).contains("<>; rel=\"urn:x\"");
        assertThat(session.controlUrl()).isNotNull();
    }

    @Test
    void refusesTimesThatMakeNoSense() {
        assertThatThrownBy(() -> new Backoff(-1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(1, 2, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Backoff(99, Long.MAX_VALUE / 4, Long.MAX_VALUE / 2, 1)
                        .delayMillis(99, 0, new SplittableRandom(1)))
                .isPositive();
    }
}
