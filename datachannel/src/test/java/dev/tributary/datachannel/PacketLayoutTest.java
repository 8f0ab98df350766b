// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.ChunkCursor;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import dev.tributary.testkit.LinkConditions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands beside what in a packet (RFC 9260 §6.10), in a session with everything that an association sends. */
class PacketLayoutTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void putsControlChunksBeforeData(boolean interleaving) {
        SctpSettings settings =
                SctpSettings.builder().interleaving(interleaving).build();
        Pair pair = Pair.of(5, LinkConditions.GOOD.withLoss(0.1), settings, settings);
        List<List<Integer>> packets = new ArrayList<>();
        pair.network.tap((from, to, datagram) -> packets.add(chunksOf(datagram)));
        pair.connected();
        DataChannel lossy =
                pair.opened("lossy", DataChannelOptions.RELIABLE.withDelivery(new SendOptions(true, 0, -1)));
        for (int i = 0; i < 600; i++) {
            pair.a.channels.send(lossy, "x".repeat(200), pair.now());
        }
        pair.network.run(Duration.ofSeconds(5));

        int forward = interleaving ? ChunkType.I_FORWARD_TSN : ChunkType.FORWARD_TSN;
        assertThat(packets).anyMatch(types -> types.contains(forward) && types.size() > 1);
        assertThat(packets).allSatisfy(types -> {
            int firstData = types.indexOf(interleaving ? ChunkType.I_DATA : ChunkType.DATA);
            if (firstData >= 0) {
                assertThat(types.subList(firstData, types.size()))
                        .containsOnly(interleaving ? ChunkType.I_DATA : ChunkType.DATA);
            }
        });
    }

    private static List<Integer> chunksOf(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.duplicate().get(bytes);
        ChunkCursor chunks = new ChunkCursor(ByteBuffer.wrap(bytes), PacketHeader.BYTES, bytes.length);
        List<Integer> types = new ArrayList<>();
        while (chunks.advance()) {
            types.add(chunks.type());
        }
        return types;
    }
}
