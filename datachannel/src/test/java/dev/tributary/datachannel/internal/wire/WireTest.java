// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.ReconfigParameter.OutgoingReset;
import dev.tributary.datachannel.internal.wire.ReconfigParameter.Response;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Chunks as browsers put them on the wire, written out, and round trips of whatever can be written. */
class WireTest {
    @Test
    void readsTheInitOfChromium() {
        // Streams 65535, Forward-TSN-Supported, Supported Extensions RE-CONFIG and FORWARD TSN, window 5 MiB.
        byte[] init = hex("01000020" + "a1b2c3d4" + "00500000" + "ffff" + "ffff" + "11223344" + "c0000004" + "80080006"
                + "82c00000");
        init[3] = (byte) (init.length - 2);
        ChunkCursor cursor = cursor(init);

        assertThat(cursor.advance()).isTrue();
        assertThat(cursor.type()).isEqualTo(ChunkType.INIT);
        InitChunk chunk = InitChunk.decode(cursor.packet(), cursor.valueOffset(), cursor.valueLength());
        assertThat(chunk.initiateTag()).isEqualTo(0xa1b2c3d4);
        assertThat(chunk.windowBytes()).isEqualTo(5_242_880);
        assertThat(chunk.outboundStreams()).isEqualTo(65_535);
        assertThat(chunk.inboundStreams()).isEqualTo(65_535);
        assertThat(chunk.initialTsn()).isEqualTo(0x11223344);
        assertThat(chunk.capabilities()).isEqualTo(new Capabilities(true, true, false, false));
    }

    @Test
    void readsTheInitOfFirefoxWithInterleaving() {
        byte[] init = hex("01000022" + "a1b2c3d4" + "01000000" + "ffff" + "ffff" + "11223344" + "c0000004" + "80080008"
                + "82c040c2");
        init[3] = (byte) init.length;
        ChunkCursor cursor = cursor(init);

        assertThat(cursor.advance()).isTrue();
        InitChunk chunk = InitChunk.decode(cursor.packet(), cursor.valueOffset(), cursor.valueLength());
        assertThat(chunk.windowBytes()).isEqualTo(16_777_216);
        assertThat(chunk.capabilities()).isEqualTo(new Capabilities(true, true, true, false));
    }

    @Test
    void writesAnInitThatBrowsersRead() {
        ByteBuffer out = ByteBuffer.allocate(64);
        new InitChunk(
                        0xa1b2c3d4,
                        1_048_576,
                        65_535,
                        65_535,
                        1,
                        new Capabilities(true, true, true, false),
                        null,
                        List.of())
                .write(out, false);

        assertThat(hex(out)).isEqualTo("01000020a1b2c3d400100000ffffffff00000001c00000048008000882c040c2");
    }

    @Test
    void readsDataChannelOpenOfChromium() {
        DcepOpen open = DcepOpen.decode(hex("03000100" + "00000000" + "0004" + "0000" + "63686174"));

        assertThat(open).isEqualTo(new DcepOpen(DcepOpen.RELIABLE, 256, 0, "chat", ""));
    }

    @Test
    void readsAnUnorderedChannelWithTwoRetransmits() {
        DcepOpen open = DcepOpen.decode(hex("03810000" + "00000002" + "0001" + "0001" + "6c70"));

        assertThat(open).isEqualTo(new DcepOpen(DcepOpen.UNORDERED | DcepOpen.LIMITED_RETRANSMISSIONS, 0, 2, "l", "p"));
    }

    @Test
    void refusesChannelTypesAndLengthsThatThereAreNot() {
        assertThat(DcepOpen.decode(hex("03030000" + "00000000" + "0000" + "0000")))
                .isNull();
        assertThat(DcepOpen.decode(hex("03000000" + "00000000" + "0001" + "0000")))
                .isNull();
        assertThat(DcepOpen.decode(hex("030000"))).isNull();
        assertThat(DcepOpen.decode(hex("04000000" + "00000000" + "0000" + "0000")))
                .isNull();
    }

    @Test
    void writesAStreamResetAsTheRfcDrawsIt() {
        byte[] chunk = ReconfigParameter.chunk(List.of(new OutgoingReset(1, 2, 3, List.of(7))));

        assertThat(HexFormat.of().formatHex(chunk))
                .isEqualTo("82000016" + "000d0012" + "00000001" + "00000002" + "00000003" + "0007" + "0000");
    }

    @Test
    void writesAResponseToAStreamReset() {
        byte[] chunk = ReconfigParameter.chunk(List.of(new Response(0x01020304, ReconfigParameter.Result.PERFORMED)));

        assertThat(HexFormat.of().formatHex(chunk)).isEqualTo("82000010" + "0010000c" + "01020304" + "00000001");
    }

    @Test
    void putsTheChecksumOfTheRfcIntoThePacket() {
        // CRC32c of RFC 3720 B.4: 32 bytes of zero give aa 36 91 8a on the wire.
        ByteBuffer packet = ByteBuffer.allocate(32);
        packet.position(32);
        PacketHeader.seal(packet, 0);

        assertThat(HexFormat.of().formatHex(packet.array(), 8, 12)).isEqualTo("aa36918a");
        assertThat(PacketHeader.hasValidChecksum(packet, 0, 32)).isTrue();
        packet.put(20, (byte) 1);
        assertThat(PacketHeader.hasValidChecksum(packet, 0, 32)).isFalse();
    }

    @Test
    void stopsAtAChunkThatDoesNotFit() {
        ChunkCursor tooLong = cursor(hex("00000009" + "00000000"));
        ChunkCursor tooShort = cursor(hex("00000003"));

        assertThat(tooLong.advance()).isFalse();
        assertThat(tooLong.isMalformed()).isTrue();
        assertThat(tooShort.advance()).isFalse();
        assertThat(tooShort.isMalformed()).isTrue();
    }

    @Property(tries = 300)
    void unwrapsToTheNearestNumber(
            @ForAll long reference, @ForAll @IntRange(min = -100_000, max = 100_000) int offset) {
        long near = (reference >>> 8) + 1_000_000;

        assertThat(Serial.unwrap(near, (int) (near + offset))).isEqualTo(near + offset);
        int small = offset % 30_000;
        assertThat(Serial.unwrap16(near, (int) (near + small) & 0xFFFF)).isEqualTo(near + small);
    }

    @Property(tries = 300)
    void readsBackTheInitThatItWrote(@ForAll("inits") InitChunk init) {
        ByteBuffer out = ByteBuffer.allocate(1_024);
        init.write(out, init.cookie() != null);
        ChunkCursor cursor = cursor(java.util.Arrays.copyOf(out.array(), out.position()));

        assertThat(cursor.advance()).isTrue();
        InitChunk read = InitChunk.decode(cursor.packet(), cursor.valueOffset(), cursor.valueLength());
        assertThat(read.cookie()).isEqualTo(init.cookie());
        assertThat(read.capabilities()).isEqualTo(init.capabilities());
        assertThat(read.initiateTag()).isEqualTo(init.initiateTag());
        assertThat(read.windowBytes()).isEqualTo(init.windowBytes());
        assertThat(read.initialTsn()).isEqualTo(init.initialTsn());
        assertThat(cursor.advance()).isFalse();
        assertThat(cursor.isMalformed()).isFalse();
    }

    @Property(tries = 300)
    void readsBackTheSackThatItWrote(
            @ForAll int cumulative,
            @ForAll @Size(max = 20) List<Integer> gaps,
            @ForAll @Size(max = 20) int[] duplicates) {
        int[] blocks = new int[2 * gaps.size()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = gaps.get(i / 2) & 0xFFFF;
        }
        SackChunk sack = new SackChunk(cumulative, 77, blocks, duplicates);
        ByteBuffer out = ByteBuffer.allocate(1_024);
        sack.write(out);

        SackChunk read = SackChunk.decode(out, 4, out.position() - 4);
        assertThat(out.position()).isEqualTo(sack.sizeBytes());
        assertThat(read).usingRecursiveComparison().isEqualTo(sack);
    }

    @Property(tries = 300)
    void readsBackTheForwardTsnThatItWrote(@ForAll int tsn, @ForAll @Size(max = 30) List<Integer> streams) {
        for (boolean interleaved : new boolean[] {true, false}) {
            ForwardTsnChunk chunk = new ForwardTsnChunk(
                    tsn,
                    streams.stream()
                            .map(each -> new ForwardTsnChunk.Skipped(
                                    each & 0xFFFF, interleaved ? each : each >>> 16, interleaved && each > 0))
                            .toList());
            ByteBuffer out = ByteBuffer.allocate(1_024);
            chunk.write(out, interleaved);

            ForwardTsnChunk read = interleaved
                    ? ForwardTsnChunk.decodeInterleaved(out, 4, out.position() - 4)
                    : ForwardTsnChunk.decode(out, 4, out.position() - 4);
            assertThat(read).isEqualTo(chunk);
        }
    }

    @Property(tries = 300)
    void readsBackTheChannelThatItOpened(@ForAll("opens") DcepOpen open) {
        assertThat(DcepOpen.decode(open.encode())).isEqualTo(open);
    }

    @Property(tries = 2_000)
    void neverThrowsOnArbitraryBytes(@ForAll @Size(max = 80) byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        InitChunk.decode(in, 0, bytes.length);
        SackChunk.decode(in, 0, bytes.length);
        ForwardTsnChunk.decode(in, 0, bytes.length);
        ForwardTsnChunk.decodeInterleaved(in, 0, bytes.length);
        ReconfigParameter.decode(in, 0, bytes.length);
        ErrorCause.decode(in, 0, bytes.length);
        DcepOpen.decode(bytes);
        DataChunk data = new DataChunk();
        data.decode(in, 0, 0, bytes.length);
        data.decodeInterleaved(in, 0, 0, bytes.length);
        ChunkCursor cursor = cursor(bytes);
        int chunks = 0;
        while (cursor.advance()) {
            cursor.value();
            chunks++;
        }
        assertThat(chunks).isLessThanOrEqualTo(bytes.length / 4);
    }

    @Provide
    Arbitrary<InitChunk> inits() {
        Arbitrary<Integer> numbers = Arbitraries.integers();
        Arbitrary<Integer> bits = Arbitraries.integers().between(0, 15);
        Arbitrary<byte[]> cookies =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(90).injectNull(0.3);
        return Combinators.combine(numbers, numbers, bits, cookies)
                .as((tag, tsn, capabilities, cookie) -> new InitChunk(
                        tag, 99_999, 1_000, 2_000, tsn, Capabilities.ofBits(capabilities), cookie, List.of()));
    }

    @Provide
    Arbitrary<DcepOpen> opens() {
        Arbitrary<Integer> types = Arbitraries.of(0, 1, 2, 0x80, 0x81, 0x82);
        Arbitrary<String> texts = Arbitraries.strings().alpha().numeric().ofMaxLength(50);
        return Combinators.combine(
                        types,
                        Arbitraries.integers().between(0, 65_535),
                        Arbitraries.longs().between(0, 0xFFFFFFFFL),
                        texts,
                        texts)
                .as(DcepOpen::new);
    }

    private static ChunkCursor cursor(byte[] chunks) {
        return new ChunkCursor(ByteBuffer.wrap(chunks), 0, chunks.length);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static String hex(ByteBuffer written) {
        return HexFormat.of().formatHex(written.array(), 0, written.position());
    }
}
