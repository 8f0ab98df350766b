// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.ChunkType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver makes of a packet without checksum (RFC 9653 §5.3). */
class ZeroChecksumTest {
    private static final int CHECKSUM_OFFSET = 8;
    private static final int FIRST_CHUNK_OFFSET = 12;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isTakenOnlyByWhoAnnouncedIt(boolean announced) {
        DataChannels a = channels(DtlsRole.CLIENT, false, 1);
        DataChannels z = channels(DtlsRole.SERVER, announced, 2);
        a.connect(0);
        exchange(a, z, -1);
        DataChannel channel = a.open("x", "", DataChannelOptions.RELIABLE, 0);
        exchange(a, z, -1);

        a.send(channel, "hello", 0);
        for (byte[] packet : packets(a)) {
            z.handlePacket(withoutChecksum(packet), 0);
        }

        assertThat(events(z)).hasAtLeastOneElementOfType(DataChannelEvent.ChannelOpened.class);
        assertThat(z.statistics().messagesReceived()).isEqualTo(announced ? 2 : 1);
        assertThat(z.statistics().count(SctpAnomaly.BAD_CHECKSUM)).isEqualTo(announced ? 0 : 1);
    }

    @Test
    void isNeverTakenForInit() {
        assertNeverTaken(ChunkType.INIT);
    }

    @Test
    void isNeverTakenForCookieEcho() {
        assertNeverTaken(ChunkType.COOKIE_ECHO);
    }

    private static void assertNeverTaken(int chunkType) {
        DataChannels a = channels(DtlsRole.CLIENT, true, 1);
        DataChannels z = channels(DtlsRole.SERVER, true, 2);
        a.connect(0);
        exchange(a, z, chunkType);

        assertThat(z.statistics().count(SctpAnomaly.BAD_CHECKSUM)).isEqualTo(1);
        assertThat(z.state()).isEqualTo(SctpState.IDLE);
    }

    private static DataChannels channels(DtlsRole role, boolean announces, long seed) {
        return new DataChannels(
                role, SctpSettings.builder().zeroChecksum(announces).build(), new SplittableRandom(seed));
    }

    /** Hands packets over until both are silent; those that begin with the given chunk lose their checksum. */
    private static void exchange(DataChannels a, DataChannels z, int spoiled) {
        boolean moved = true;
        while (moved) {
            List<byte[]> out = packets(a);
            out.forEach(packet -> z.handlePacket(
                    packet[FIRST_CHUNK_OFFSET] == spoiled ? withoutChecksum(packet) : ByteBuffer.wrap(packet), 0));
            List<byte[]> back = packets(z);
            back.forEach(packet -> a.handlePacket(ByteBuffer.wrap(packet), 0));
            moved = !out.isEmpty() || !back.isEmpty();
        }
    }

    private static ByteBuffer withoutChecksum(byte[] packet) {
        return ByteBuffer.wrap(packet).putInt(CHECKSUM_OFFSET, 0);
    }

    private static List<byte[]> packets(DataChannels end) {
        List<byte[]> packets = new ArrayList<>();
        ByteBuffer out = ByteBuffer.allocate(2_048);
        while (end.pollTransmit(out)) {
            packets.add(Arrays.copyOf(out.array(), out.remaining()));
        }
        return packets;
    }

    private static List<DataChannelEvent> events(DataChannels end) {
        List<DataChannelEvent> events = new ArrayList<>();
        for (DataChannelEvent event; (event = end.pollEvent()) != null; ) {
            events.add(event);
        }
        return events;
    }
}
