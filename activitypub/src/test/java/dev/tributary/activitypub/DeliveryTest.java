// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static dev.tributary.activitypub.Neighbourhood.A;
import static dev.tributary.activitypub.Neighbourhood.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.spi.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries in virtual time: retries, order, other origins' troubles, double-knock, restart. */
class DeliveryTest {
    private static final String INBOX = "/ap/c/alice_live/inbox";

    private final Neighbourhood net = new Neighbourhood();
    private final Recorded onA = new Recorded();
    private final ActivityPub a = net.instance(A, builder -> builder.listener(onA));
    private final ActivityPub b = net.instance(B, builder -> builder);
    private final LocalActor alice = a.person("alice", "Alice");
    private final LocalActor bob = b.person("bob", "Bob");

    DeliveryTest() {
        a.channel("alice_live", "Alice live", alice);
        b.lookup("alice_live@localhost:8081").toCompletableFuture().join();
        net.exchanges.clear();
    }

    @AfterEach
    void close() {
        net.close();
    }

    private void follow() {
        b.follow(bob, "http://localhost:8081/ap/c/alice_live")
                .toCompletableFuture()
                .join();
        net.settle();
    }

    @Test
    void triesAgainLaterAndLater() {
        net.answersInstead.put("localhost:8081", 500);
        follow();
        assertThat(net.requests(INBOX)).isEqualTo(1);

        net.advance(Duration.ofSeconds(11));
        net.settle();
        assertThat(net.requests(INBOX)).isEqualTo(1);
        net.advance(Duration.ofSeconds(8));
        net.settle();
        assertThat(net.requests(INBOX)).isEqualTo(2);
        net.advance(Duration.ofSeconds(40));
        net.settle();
        assertThat(net.requests(INBOX)).isEqualTo(2);
        net.advance(Duration.ofSeconds(33));
        net.settle();
        assertThat(net.requests(INBOX)).isEqualTo(3);

        net.answersInstead.clear();
        net.advance(Duration.ofMinutes(7));
        net.settle();
        assertThat(onA.lines).containsExactly("followed alice_live by bob@localhost:8082");
        assertThat(b.waitingDeliveries()).isZero();
    }

    @Test
    void signsAnewAtEachAttempt() {
        net.answersInstead.put("localhost:8081", 500);
        follow();
        net.advance(Duration.ofHours(2));
        net.settle();

        List<String> dates = net.exchanges.stream()
                .map(exchange -> exchange.request().headers().first("Date").orElseThrow())
                .toList();
        assertThat(dates).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
    }

    @Test
    void givesUpAfterTheWholeSchedule() {
        net.answersInstead.put("localhost:8081", 500);
        follow();
        for (int hour = 0; hour < 24 * 6; hour++) {
            net.advance(Duration.ofHours(1));
            net.settle();
        }

        assertThat(net.requests(INBOX)).isEqualTo(10);
        assertThat(b.waitingDeliveries()).isZero();
    }

    @Test
    void dropsWhatIsGone() {
        net.answersInstead.put("localhost:8081", 410);
        follow();

        assertThat(b.waitingDeliveries()).isZero();
        assertThat(net.requests(INBOX)).isEqualTo(1);
    }

    @Test
    void knocksTwiceAndRemembersWhatWorked() {
        net.answersInstead.put("localhost:8081", 401);
        follow();

        assertThat(net.exchanges)
                .extracting(e -> e.request().headers().first("Signature-Input").isPresent())
                .containsExactly(false, true);
    }

    @Test
    void doesNotLetADeadOriginHoldUpAnother() {
        ActivityPub c = net.instance("http://localhost:8083", builder -> builder);
        LocalActor carol = c.person("carol", "Carol");
        c.follow(carol, "alice_live@localhost:8081").toCompletableFuture().join();
        follow();
        net.settle();
        net.answersInstead.put("localhost:8083", 0);
        LocalActor channel = a.localActor("alice_live").orElseThrow();

        LiveStream live = a.goLive(LiveStreamDescription.builder(alice, channel, "Friday")
                .watchPage(A + "/watch")
                .build());
        net.settle();

        assertThat(b.lives().find(live.id())).isPresent();
        assertThat(c.lives().find(live.id())).isEmpty();
        net.answersInstead.clear();
        net.advance(Duration.ofMinutes(1));
        net.settle();
        assertThat(c.lives().find(live.id())).isPresent();
    }

    @Test
    void leavesAnOriginAloneThatFailedFiveTimes() {
        net.answersInstead.put("localhost:8081", 0);
        for (int i = 0; i < 12; i++) {
            b.follow(b.person("bob" + i, "Bob"), "http://localhost:8081/ap/c/alice_live")
                    .toCompletableFuture()
                    .join();
            net.settle();
        }
        long before = net.requests(INBOX);
        assertThat(before).isEqualTo(5);

        net.advance(Duration.ofMinutes(9));
        net.settle();
        assertThat(net.requests(INBOX)).isEqualTo(before);
        net.answersInstead.clear();
        net.advance(Duration.ofMinutes(2));
        net.settle();
        net.advance(Duration.ofMinutes(2));
        net.settle();
        assertThat(b.waitingDeliveries()).isZero();
    }

    @Test
    void goesOnAfterARestart(@TempDir Path directory) {
        Neighbourhood later = new Neighbourhood();
        Store store = Stores.file(directory.resolve("c"));
        ActivityPub c = later.instance("http://localhost:8083", store, builder -> builder);
        LocalActor carol = c.person("carol", "Carol");
        later.document(
                "http://localhost:8099/u/eve",
                "application/activity+json",
                "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":\"http://localhost:8099/u/eve\","
                        + "\"type\":\"Person\",\"preferredUsername\":\"eve\","
                        + "\"inbox\":\"http://localhost:8099/u/eve/inbox\"}");
        c.follow(carol, "http://localhost:8099/u/eve").toCompletableFuture().join();
        c.close();

        ActivityPub again =
                later.instance("http://localhost:8083", Stores.file(directory.resolve("c")), builder -> builder);

        assertThat(again.waitingDeliveries()).isEqualTo(1);
        assertThat(again.localActor("carol")).contains(carol);
        again.runDue();
        assertThat(later.exchanges)
                .last()
                .extracting(Neighbourhood.Exchange::path)
                .isEqualTo("/u/eve/inbox");
        later.close();
    }
}
