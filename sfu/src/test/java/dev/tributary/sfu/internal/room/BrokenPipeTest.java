// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.udp.MediaLoops;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.SendTrack;
import dev.tributary.sfu.Peer;
import dev.tributary.sfu.PeerSettings;
import dev.tributary.sfu.SfuListener;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.spi.CloseReason;
import dev.tributary.whipwhep.spi.Grant;
import dev.tributary.whipwhep.spi.MediaSession;
import dev.tributary.whipwhep.spi.Right;
import dev.tributary.whipwhep.spi.SessionKind;
import dev.tributary.whipwhep.spi.SessionRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a room does with the tracks of a pipe that is gone: one that broke may come back, one that left will not. */
@Timeout(30)
class BrokenPipeTest {
    private final Engine engine = Engine.start(
            MediaLoops.builder(0).loops(1),
            "urn:test:here",
            CandidatePolicy.ANY,
            null,
            room -> false,
            new SfuListener() {},
            null);

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void tracksOfABrokenPipeStayListedForAWhile() {
        push("first").close(CloseReason.CONNECTION_LOST);

        assertThat(tracks())
                .singleElement()
                .satisfies(track -> assertThat(track.active()).isFalse());
        long broken = System.nanoTime();
        while (!tracks().isEmpty()) {
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(System.nanoTime() - broken).isGreaterThan(TimeUnit.SECONDS.toNanos(9));
    }

    @Test
    void pipeThatComesBackHasItsTracksAgain() {
        push("first").close(CloseReason.CONNECTION_LOST);
        push("again");

        assertThat(tracks()).singleElement().extracting(Track::id).isEqualTo("camera");
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void tracksOfAPipeThatLeftAreGoneAtOnce() {
        push("first").close(CloseReason.DELETED);

        assertThat(tracks()).isEmpty();
    }

    /** A push pipe of another server, which carries one track; no packet of it is needed. */
    private MediaSession push(String session) {
        Peer there = new Peer(PeerSettings.of(DtlsCertificate.generate(), Runnable::run, () -> {}, List.of()));
        there.negotiation().add(MediaKind.VIDEO).send(SendTrack.of("stage", "camera"));
        Grant grant = Grant.ofInstance("urn:test:there", "Bob", Right.PUBLISH_GUEST);
        return engine.open(new SessionRequest(
                        SessionKind.WHIP, "alice", session, there.createOffer().write(), grant, false))
                .toCompletableFuture()
                .join();
    }

    private List<Track> tracks() {
        return engine.snapshots().toCompletableFuture().join().stream()
                .flatMap(room -> room.tracks().stream())
                .toList();
    }

    private long sessions() {
        return engine.snapshots().toCompletableFuture().join().stream()
                .mapToLong(room -> room.sessions().size())
                .sum();
    }
}
