// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.Captures;
import dev.tributary.datachannel.internal.wire.Captures.Capture;
import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import dev.tributary.datachannel.internal.wire.PlainChunk;
import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What other stacks sent, changed at random, fed to an association that stands. Somebody who does not know its tag changes
 * nothing; a peer that does may end the association where the RFC says so, and breaks nothing else.
 */
class MutatedCapturesTest {
    private static final List<CloseReason.Kind> RIGHTFUL =
            List.of(CloseReason.Kind.PEER_MISBEHAVED, CloseReason.Kind.ABORTED_BY_PEER, CloseReason.Kind.SHUTDOWN);
    private static final int MUTANTS = 2_000;

    private final List<Capture> captures = Captures.all();
    private int tagOfZ;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void changeNothingWithoutTheTag(boolean interleaving) {
        Seeds.forEach(2, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Pair pair = connected(seed, interleaving);
            DataChannel channel = pair.opened("x", DataChannelOptions.RELIABLE);
            for (int i = 0; i < MUTANTS; i++) {
                ByteBuffer packet = mutant(random);
                // INIT alone has the tag 0 by right, and begins something only when its cookie comes back.
                pair.z.channels.handlePacket(packet, pair.now());
                drain(pair.z);
            }
            pair.a.channels.send(channel, "still here", pair.now());
            pair.network.run(Duration.ofSeconds(5));

            assertThat(pair.z.texts()).containsExactly("still here");
            assertThat(pair.z.channels.state()).isEqualTo(SctpState.ESTABLISHED);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endTheAssociationOnlyWhereTheRfcSaysSo(boolean interleaving) {
        Seeds.forEach(3, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Pair pair = connected(seed, interleaving);
            int ends = 0;
            for (int i = 0; i < MUTANTS; i++) {
                ByteBuffer packet = mutant(random);
                packet.putInt(4, tagOfZ);
                seal(packet);
                pair.z.channels.handlePacket(packet, pair.now());
                drain(pair.z);
                assertThat(pair.z.channels.statistics().bytesWaiting()).isLessThan(2 << 20);
                if (pair.z.channels.state() != SctpState.ESTABLISHED) {
                    List<DataChannelEvent.Closed> closed = pair.z.events(DataChannelEvent.Closed.class);
                    assertThat(closed)
                            .allMatch(event -> RIGHTFUL.contains(event.reason().kind()));
                    pair = connected(seed + ++ends, interleaving);
                }
            }
            assertThat(answersHeartbeats(pair)).isTrue();
        });
    }

    private Pair connected(long seed, boolean interleaving) {
        SctpSettings settings =
                SctpSettings.builder().interleaving(interleaving).build();
        Pair pair = Pair.of(seed, LinkConditions.PERFECT, settings, settings);
        pair.network.tap((from, to, datagram) -> {
            if (from.equals(Pair.ADDRESS_A) && datagram.getInt(4) != 0) {
                tagOfZ = datagram.getInt(4);
            }
            return true;
        });
        return pair.connected();
    }

    /** A packet with up to four other bytes behind its header, perhaps cut off, and its checksum right. */
    private ByteBuffer mutant(SplittableRandom random) {
        byte[] bytes = captures.get(random.nextInt(captures.size())).packet().clone();
        if (random.nextInt(4) == 0) {
            bytes = Arrays.copyOf(bytes, PacketHeader.BYTES + random.nextInt(bytes.length - PacketHeader.BYTES + 1));
        }
        for (int flips = random.nextInt(5); flips > 0 && bytes.length > PacketHeader.BYTES; flips--) {
            bytes[random.nextInt(PacketHeader.BYTES, bytes.length)] = (byte) random.nextInt(256);
        }
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        seal(packet);
        return packet;
    }

    private static void seal(ByteBuffer packet) {
        packet.position(packet.limit());
        PacketHeader.seal(packet, 0);
        packet.flip();
    }

    private static int drain(Node node) {
        ByteBuffer out = ByteBuffer.allocate(2_048);
        int heartbeatAcks = 0;
        while (node.channels.pollTransmit(out)) {
            heartbeatAcks += out.get(PacketHeader.BYTES) == ChunkType.HEARTBEAT_ACK ? 1 : 0;
        }
        node.pollEvents();
        return heartbeatAcks;
    }

    private boolean answersHeartbeats(Pair pair) {
        byte[] heartbeat = PlainChunk.heartbeat(1, 2);
        ByteBuffer packet = ByteBuffer.allocate(PacketHeader.BYTES + heartbeat.length);
        PacketHeader.write(packet, 5000, 5000, tagOfZ);
        packet.put(heartbeat);
        seal(packet);
        pair.z.channels.handlePacket(packet, pair.now());
        return drain(pair.z) == 1;
    }
}
