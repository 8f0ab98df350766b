// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.Captures.Capture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets of other stacks, field by field, against what a decoder in another language read in them. */
class CaptureTest {
    static Stream<Capture> captures() {
        return Captures.all().stream();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void readsEveryFieldOfWhatOtherStacksSend(Capture capture) {
        assertThat(PacketDescription.of(capture.packet())).isEqualTo(capture.description());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void findsTheirChecksumsRight(Capture capture) {
        ByteBuffer packet = ByteBuffer.wrap(capture.packet());

        assertThat(PacketHeader.hasValidChecksum(packet, 0, capture.packet().length))
                .isTrue();
        packet.put(capture.packet().length - 1, (byte) ~packet.get(capture.packet().length - 1));
        assertThat(PacketHeader.hasValidChecksum(packet, 0, capture.packet().length))
                .isFalse();
    }

    @Test
    void haveEveryChunkThatDataChannelsUse() {
        List<String> descriptions = captures().map(Capture::description).toList();

        for (String chunk : List.of(
                "INIT ",
                "INIT_ACK ",
                "COOKIE_ECHO ",
                "COOKIE_ACK",
                "DATA ",
                "I_DATA ",
                "SACK ",
                "FORWARD_TSN ",
                "I_FORWARD_TSN ",
                "RE_CONFIG outgoing",
                "RE_CONFIG answer",
                "HEARTBEAT ",
                "SHUTDOWN ",
                "SHUTDOWN_ACK",
                "SHUTDOWN_COMPLETE",
                "ABORT",
                "ABORT cause=")) {
            assertThat(descriptions).as(chunk).anyMatch(description -> description.startsWith(chunk));
        }
        assertThat(descriptions).anyMatch(description -> description.contains("gap="));
        assertThat(descriptions).anyMatch(description -> description.contains("duplicate="));
    }
}
