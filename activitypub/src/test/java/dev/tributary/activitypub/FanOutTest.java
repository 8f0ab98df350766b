// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static dev.tributary.activitypub.Neighbourhood.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.internal.delivery.Audience;
import dev.tributary.activitypub.spi.Store;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One activity to many: each inbox once, however many there are, and only the newest state. */
class FanOutTest {
    private static final int MANY = 1_234;

    private final Neighbourhood net = new Neighbourhood();
    private final Store store = Stores.memory();
    private final ActivityPub a = net.instance(A, store, builder -> builder);
    private final LocalActor alice = a.person("alice", "Alice");
    private final LocalActor channel = a.channel("alice_live", "Alice live", alice);

    @AfterEach
    void close() {
        net.close();
    }

    private static String inbox(int number) {
        return "http://localhost:" + (20_000 + number) + "/inbox";
    }

    private void follow(LocalActor actor, int first, int count) {
        store.transact(tx -> {
            IntStream.range(first, first + count).forEach(i -> Audience.add(tx, actor.id(), inbox(i)));
            return true;
        });
    }

    private long postsTo(int number) {
        return net.exchanges.stream()
                .filter(exchange -> exchange.request().uri().toString().equals(inbox(number)))
                .count();
    }

    @Test
    void reachesEachFollowersInboxOnceAlsoThoseOfTwoActors() {
        follow(alice, 0, MANY);
        follow(channel, MANY - 200, 500);

        a.send(
                alice,
                ApObject.ofType("Create").with("object", A + "/notes/1"),
                Recipients.followersOf(alice)
                        .and(Recipients.followersOf(channel))
                        .and(Recipients.inboxes(List.of(inbox(5), inbox(9_999)))));
        net.settle();

        assertThat(IntStream.range(0, MANY + 300).mapToLong(this::postsTo)).containsOnly(1L);
        assertThat(postsTo(9_999)).isEqualTo(1);
    }

    @Test
    void reachesThousandsThatAreNamed() {
        List<String> inboxes =
                IntStream.range(0, 3_000).mapToObj(FanOutTest::inbox).toList();

        a.send(alice, ApObject.ofType("Create").with("object", A + "/notes/1"), Recipients.inboxes(inboxes));

        assertThat(a.waitingDeliveries()).isEqualTo(3_000);
    }

    @Test
    void tellsManyFollowersOnlyTheNewestStateAndNothingBeforeTheBeginning() {
        follow(alice, 0, MANY);
        LiveStream live = a.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
                .watchPage(A + "/watch")
                .build());
        live.update(LiveState.PAUSED);
        live.update(LiveState.LIVE);
        live.end();
        net.settle();

        List<String> types = net.exchanges.stream()
                .filter(exchange -> exchange.request().uri().toString().equals(inbox(700)))
                .map(exchange -> ApObject.parse(exchange.bodyText()).type())
                .toList();
        assertThat(types).containsExactly("Create", "Update");
    }
}
