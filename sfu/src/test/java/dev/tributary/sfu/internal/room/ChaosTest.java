// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.Seeds;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.MediaSession;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two servers whose publishers, viewers and pipes come and are killed at random moments: when all is over, nothing is left.
 * {@code -Dtributary.seeds=100} runs a hundred of them.
 */
@Timeout(600)
class ChaosTest {
    private static final int STEPS = 60;
    private static final List<String> ROOMS = List.of("alice", "bob", "carol");

    private final List<CompletableFuture<MediaSession>> sessions = new ArrayList<>();

    @Test
    void whoeverIsKilledWheneverNothingIsLeft() {
        Seeds.forEach(2, this::life);
    }

    private void life(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        sessions.clear();
        try (Instance origin = new Instance("urn:test:o", null);
                Instance here = new Instance("urn:test:here", origin)) {
            for (int i = 0; i < STEPS; i++) {
                step(random, origin, here);
                LockSupport.parkNanos(random.nextLong(20_000_000));
            }
            sessions.forEach(ChaosTest::kill);
            origin.opened.forEach(session -> session.close(CloseReason.FAILED));
            ROOMS.forEach(room -> {
                origin.engine.end(room);
                here.engine.end(room + "@o");
            });

            Instance.await(() -> origin.rooms().isEmpty() && here.rooms().isEmpty());
            assertThat(origin.engine.peerAddresses()).isZero();
            assertThat(here.engine.peerAddresses()).isZero();
        }
    }

    private void step(SplittableRandom random, Instance origin, Instance here) {
        String room = ROOMS.get(random.nextInt(ROOMS.size()));
        switch (random.nextInt(8)) {
            case 0, 1 -> open(() -> origin.publishing(room));
            case 2 -> open(() -> origin.watch(room));
            case 3, 4 -> open(() -> here.watch(room + "@o"));
            case 5 -> origin.engine.end(room);
            case 6 -> {
                if (!origin.opened.isEmpty()) {
                    origin.opened
                            .get(random.nextInt(origin.opened.size()))
                            .close(random.nextBoolean() ? CloseReason.CONNECTION_LOST : CloseReason.FAILED);
                }
            }
            default -> {
                if (!sessions.isEmpty()) {
                    kill(sessions.remove(random.nextInt(sessions.size())));
                }
            }
        }
    }

    private interface Opening {
        CompletionStage<MediaSession> begin();
    }

    private void open(Opening opening) {
        sessions.add(opening.begin().toCompletableFuture());
    }

    /** Those who were refused are no sessions; those who still wait are killed as soon as they are in. */
    private static void kill(CompletableFuture<MediaSession> session) {
        CompletableFuture<Void> unused = session.thenAccept(opened -> opened.close(CloseReason.CONNECTION_LOST));
    }
}
