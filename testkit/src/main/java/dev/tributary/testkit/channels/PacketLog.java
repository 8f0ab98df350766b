// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.channels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Writes packets down, one a line: microseconds, {@code <} received or {@code >} sent, and the bytes in hexadecimal. */
public final class PacketLog implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private final Writer out;

    private PacketLog(Writer out) {
        this.out = out;
    }

    /**
     * Into a file.
     *
     * @param folder where the file goes, or an empty text for nowhere: what the property of a test says
     * @param name of the file, without its ending
     */
    public static PacketLog in(String folder, String name) {
        try {
            return new PacketLog(
                    folder.isEmpty()
                            ? Writer.nullWriter()
                            : Files.newBufferedWriter(
                                    Files.createDirectories(Path.of(folder)).resolve(name + ".txt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes one packet down.
     *
     * @param packet array-backed
     */
    public void packet(boolean sent, ByteBuffer packet, long nowNanos) {
        try {
            int at = packet.arrayOffset() + packet.position();
            out.write(nowNanos / 1_000 + (sent ? " > " : " < ")
                    + HEX.formatHex(packet.array(), at, at + packet.remaining()) + "\n");
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
