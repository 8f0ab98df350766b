// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.datachannel.DataChannel;
import dev.tributary.datachannel.DataChannelEvent;
import dev.tributary.datachannel.DataChannelOptions;
import dev.tributary.datachannel.DataChannels;
import dev.tributary.datachannel.DtlsRole;
import dev.tributary.datachannel.SctpSettings;
import dev.tributary.datachannel.SctpState;
import dev.tributary.datachannel.SendStatus;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Messages over SCTP, both ends on this thread, on a perfect line without DTLS: sending, receiving and acknowledging. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DataChannelBenchmark {
    private static final int BURST = 16;
    private static final long TURN_NANOS = 1_000_000;
    private static final int TURNS_MAX = 1_000;

    /** The size of a message. */
    @Param({"100", "1024", "16384"})
    public int messageBytes;

    /** Whether fragments of several messages may alternate (RFC 8260). */
    @Param({"true", "false"})
    public boolean interleaving;

    private final ByteBuffer packet = ByteBuffer.allocate(SctpSettings.DEFAULT.mtuBytes());
    private DataChannels near = end(DtlsRole.CLIENT);
    private DataChannels far = end(DtlsRole.SERVER);
    private byte[] message = {};
    private @Nullable DataChannel channel;
    private long now;

    /** Connects the ends and opens a reliable, ordered channel. */
    @Setup
    public void connect() {
        message = new byte[messageBytes];
        near = end(DtlsRole.CLIENT);
        far = end(DtlsRole.SERVER);
        near.connect(now);
        far.connect(now);
        turn();
        channel = near.open("bench", "", DataChannelOptions.RELIABLE, now);
        turn();
        if (near.state() != SctpState.ESTABLISHED || far.state() != SctpState.ESTABLISHED) {
            throw new IllegalStateException("Not connected: " + near.state() + ", " + far.state());
        }
    }

    private DataChannels end(DtlsRole role) {
        var settings = SctpSettings.builder().interleaving(interleaving).build();
        return new DataChannels(role, settings, new Random(role.ordinal()));
    }

    /** Sixteen messages, sent, received and acknowledged; the figure is for one. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int deliverMessage() {
        DataChannel open = channel;
        if (open == null) {
            throw new IllegalStateException("Not open");
        }
        for (int i = 0; i < BURST; i++) {
            SendStatus status = near.send(open, message, now);
            if (status != SendStatus.QUEUED) {
                throw new IllegalStateException("Not sent: " + status);
            }
        }
        int received = 0;
        for (int turns = 0; received < BURST; turns++) {
            received += turn();
            if (turns == TURNS_MAX) {
                throw new IllegalStateException("Received only " + received);
            }
        }
        return received;
    }

    /** Carries packets both ways until there are none, then lets time pass. Returns how many messages arrived. */
    private int turn() {
        int received = 0;
        boolean moved = true;
        while (moved) {
            moved = carry(near, far) | carry(far, near);
            for (DataChannelEvent event = far.pollEvent(); event != null; event = far.pollEvent()) {
                received += event instanceof DataChannelEvent.Message ? 1 : 0;
            }
            while (near.pollEvent() != null) {
                moved = true;
            }
        }
        now += TURN_NANOS;
        if (near.nextTimeoutNanos() <= now) {
            near.handleTimeout(now);
        }
        if (far.nextTimeoutNanos() <= now) {
            far.handleTimeout(now);
        }
        return received;
    }

    private boolean carry(DataChannels from, DataChannels to) {
        boolean moved = false;
        while (from.pollTransmit(packet)) {
            to.handlePacket(packet, now);
            moved = true;
        }
        return moved;
    }
}
