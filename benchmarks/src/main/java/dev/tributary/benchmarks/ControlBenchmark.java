// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.DynamicReceiver;
import dev.tributary.whipwhep.DynamicSender;
import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Control messages of the dynamic extension: the media sender's side and the receiver's side, both on this thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ControlBenchmark {
    private static final int TRACKS = 10;
    /** Longer than an offer waits for company, and long enough for no rate limit to matter. */
    private static final long TURN_NANOS = 200_000_000L;

    private final DynamicSender sender = DynamicSender.of(DynamicOptions.server("session", ControlRole.VIEWER));
    private final DynamicReceiver receiver = DynamicReceiver.of(DynamicOptions.client(ControlRole.VIEWER));
    private final Map<String, @Nullable String> mids = new HashMap<>();
    private String description = "";
    private boolean muted;
    private int updates;
    private int committed;
    private long now;

    /** Lets the ends greet each other and tells ten tracks. */
    @Setup
    public void greet() throws IOException {
        description = Offers.chromium();
        for (int i = 0; i < TRACKS; i++) {
            mids.put(String.valueOf(i), "track-" + i);
            Track track = Track.of("track-" + i, TrackKind.VIDEO, Purpose.GUEST, "Guest " + i, "guest-" + i)
                    .withMid(String.valueOf(i));
            if (!sender.put(track, now)) {
                throw new IllegalStateException("The list is full at " + i);
            }
        }
        sender.opened(now);
        receiver.opened(now);
        turn();
        if (!sender.isUp() || !receiver.isUp() || receiver.tracks().size() != TRACKS) {
            throw new IllegalStateException("The ends did not greet: " + receiver.tracks());
        }
    }

    /** One of ten tracks is muted or unmuted: said by one end, heard by the other. */
    @Benchmark
    public int muteTrack() {
        Track track = sender.track("track-3");
        if (track == null) {
            throw new IllegalStateException("No such track");
        }
        muted = !muted;
        int before = updates;
        sender.put(track.withMuted(muted), now);
        turn();
        if (updates != before + 1) {
            throw new IllegalStateException("Heard " + (updates - before) + " updates");
        }
        return updates;
    }

    /** A re-offer and its answer, 10.6 KB each way as JSON text; nothing is negotiated. */
    @Benchmark
    public int carryOfferAndAnswer() {
        int before = committed;
        sender.negotiate(now);
        turn();
        if (committed != before + 1) {
            throw new IllegalStateException("Committed " + (committed - before) + " offers");
        }
        return committed;
    }

    private void turn() {
        now += TURN_NANOS;
        sender.handleTimeout(now);
        receiver.handleTimeout(now);
        boolean moved = true;
        while (moved) {
            moved = false;
            for (String text = sender.pollMessage(); text != null; text = sender.pollMessage()) {
                receiver.handleText(text, now);
                moved = true;
            }
            for (String text = receiver.pollMessage(); text != null; text = receiver.pollMessage()) {
                sender.handleText(text, now);
                moved = true;
            }
            for (DynamicEvent event = receiver.pollEvent(); event != null; event = receiver.pollEvent()) {
                heard(event);
                moved = true;
            }
            for (DynamicEvent event = sender.pollEvent(); event != null; event = sender.pollEvent()) {
                heard(event);
                moved = true;
            }
        }
    }

    private void heard(DynamicEvent event) {
        if (event instanceof DynamicEvent.OfferNeeded) {
            sender.offer(description, mids, now);
        } else if (event instanceof DynamicEvent.OfferReceived offer) {
            receiver.answer(offer.seq(), description, now);
        } else if (event instanceof DynamicEvent.AnswerReceived answer) {
            sender.committed(answer.seq(), Set.of(), now);
            committed++;
        } else if (event instanceof DynamicEvent.TrackUpdated) {
            updates++;
        }
    }
}
