// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.ChunkType;
import dev.tributary.datachannel.internal.wire.DataChunk;
import dev.tributary.datachannel.internal.wire.PacketHeader;
import dev.tributary.datachannel.internal.wire.Parameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** An association whose peer we are by hand: after an honest handshake, every packet to it is made by the test. */
final class Forger {
    final SctpAssociation target;
    /** The first TSN that the target waits for. */
    int tsn;

    private int tag;

    Forger(SctpSettings settings) {
        SctpAssociation honest = new SctpAssociation(settings, new SplittableRandom(1));
        target = new SctpAssociation(settings, new SplittableRandom(2));
        honest.connect(0);
        for (int i = 0; i < 3; i++) {
            for (ByteBuffer packet : drain(honest)) {
                if (packet.get(12) == ChunkType.INIT) {
                    tsn = packet.getInt(28);
                }
                tag = packet.getInt(4);
                target.handlePacket(packet, 0);
            }
            drain(target).forEach(packet -> honest.handlePacket(packet, 0));
        }
        assertThat(target.state()).isEqualTo(SctpState.ESTABLISHED);
        assertThat(target.pollEvent()).isInstanceOf(SctpEvent.Connected.class);
    }

    /** What the target has to send. */
    List<ByteBuffer> drain() {
        return drain(target);
    }

    /** Sends the next TSN as a whole message. */
    void message(int stream, int number, int bytes) {
        data(tsn++, stream, DataChunk.FLAG_BEGIN | DataChunk.FLAG_END, number, bytes);
    }

    void data(int number, int stream, int flags, int ssn, int bytes) {
        send(out -> {
            DataChunk.writeHeader(out, flags, number, stream, ssn, 51, bytes);
            out.put(new byte[bytes]);
            Parameters.pad(out, bytes);
        });
    }

    void send(Consumer<ByteBuffer> chunks) {
        ByteBuffer out = ByteBuffer.allocate(2_048);
        PacketHeader.write(out, 5000, 5000, tag);
        chunks.accept(out);
        PacketHeader.seal(out, 0);
        target.handlePacket(out.flip(), 0);
    }

    long count(SctpAnomaly anomaly) {
        return target.statistics().count(anomaly);
    }

    static List<ByteBuffer> drain(SctpAssociation from) {
        List<ByteBuffer> packets = new ArrayList<>();
        ByteBuffer out = ByteBuffer.allocate(2_048);
        while (from.pollTransmit(out)) {
            byte[] copy = new byte[out.remaining()];
            out.get(copy);
            packets.add(ByteBuffer.wrap(copy));
        }
        return packets;
    }
}
