// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sfu.SessionSnapshot;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of other servers: what becomes of a pull that breaks, and of one that would go in a circle. */
@Timeout(60)
class PullTest {
    @Test
    void aPullThatBreaksIsOpenedAgainForThoseWhoWatch() {
        try (Instance origin = new Instance("urn:test:o", null);
                Instance here = new Instance("urn:test:here", origin)) {
            origin.publish("alice");
            MediaSession viewer = here.watch("alice@o")
                    .toCompletableFuture()
                    .orTimeout(15, TimeUnit.SECONDS)
                    .join();
            assertThat(tracks(here)).extracting(Track::id).containsExactly("camera");

            origin.opened.get(0).close(CloseReason.FAILED);

            Instance.await(() -> origin.opened.size() == 2 && tracks(here).size() == 1);
            assertThat(viewer.closed().toCompletableFuture()).isNotDone();
            assertThat(sessions(here))
                    .hasSize(2)
                    .extracting(SessionSnapshot::id)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aPullThatBreaksIsNotOpenedAgainForNobody() throws InterruptedException {
        try (Instance origin = new Instance("urn:test:o", null);
                Instance here = new Instance("urn:test:here", origin)) {
            origin.publish("alice");
            here.watch("alice@o")
                    .toCompletableFuture()
                    .orTimeout(15, TimeUnit.SECONDS)
                    .join()
                    .close(CloseReason.DELETED);

            origin.opened.get(0).close(CloseReason.FAILED);

            Instance.await(() -> here.rooms().isEmpty());
            assertThat(origin.opened).hasSize(1);
        }
    }

    @Test
    void aStreamThatHasBeenHereBeforeIsNotTakenAgain() {
        try (Instance origin = new Instance("urn:test:o", null);
                // The first time that the stream is "here".
                Instance before = new Instance("urn:test:here", origin);
                Instance between = new Instance("urn:test:between", before);
                Instance here = new Instance("urn:test:here", between)) {
            origin.publish("alice");
            between.watch("alice@o")
                    .toCompletableFuture()
                    .orTimeout(15, TimeUnit.SECONDS)
                    .join();

            assertThatThrownBy(() -> here.watch("alice@o")
                            .toCompletableFuture()
                            .orTimeout(8, TimeUnit.SECONDS)
                            .join())
                    .hasCauseInstanceOf(WhipWhepException.class);
            Instance.await(() -> here.rooms().isEmpty());
        }
    }

    private static List<Track> tracks(Instance instance) {
        return instance.rooms().stream().flatMap(room -> room.tracks().stream()).toList();
    }

    private static List<SessionSnapshot> sessions(Instance instance) {
        return instance.rooms().stream()
                .flatMap(room -> room.sessions().stream())
                .toList();
    }
}
