// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.StreamAddress;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a TCP connection is closed for its silence, in virtual time. */
class StreamTimeoutTest {
    private final LongAdder unproven = new LongAdder();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final StreamConnection connection = new StreamConnection(
            new StreamConnection.Counts(unproven, new LongAdder(), new LongAdder()),
            1,
            new InetSocketAddress("192.0.2.1", 4_000),
            channel,
            null);

    StreamTimeoutTest() {
        channel.freezeTime();
        channel.pipeline().addLast(connection);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aConnectionThatNobodyAnswersIsClosedAtTheLimit() {
        pass(UdpLimits.UNANSWERED_MILLIS_MAX - 1);
        assertThat(channel.isOpen()).isTrue();

        pass(1);

        assertThat(channel.isOpen()).isFalse();
        assertThat(unproven.sum()).isEqualTo(1);
    }

    @Test
    void aConnectionThatWasAnsweredIsClosedAfterItsSilence() {
        StreamAddress address = connection.address();
        address.send(new byte[] {1}, 0, 1);

        pass(UdpLimits.STREAM_SILENCE_MILLIS_MAX - 1);
        assertThat(channel.isOpen()).isTrue();
        pass(1);

        assertThat(channel.isOpen()).isFalse();
        assertThat(unproven.sum()).isZero();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
