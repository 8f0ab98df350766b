// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Writes packets down, one a line: microseconds, {@code <} received or {@code >} sent, and the bytes in hexadecimal. */
final class PacketTap implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private final Writer out;

    private PacketTap(Writer out) {
        this.out = out;
    }

    /** Into a file of the folder that {@code -Dtributary.captures} names; nowhere when it names none. */
    static PacketTap named(String name) {
        String folder = System.getProperty("tributary.captures", "");
        try {
            return new PacketTap(
                    folder.isEmpty()
                            ? Writer.nullWriter()
                            : Files.newBufferedWriter(
                                    Files.createDirectories(Path.of(folder)).resolve(name + ".txt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void received(ByteBuffer packet, long nowNanos) {
        write(nowNanos, " < ", packet);
    }

    void sent(ByteBuffer packet, long nowNanos) {
        write(nowNanos, " > ", packet);
    }

    private void write(long nowNanos, String direction, ByteBuffer packet) {
        try {
            int at = packet.arrayOffset() + packet.position();
            out.write(nowNanos / 1_000 + direction + HEX.formatHex(packet.array(), at, at + packet.remaining()) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
