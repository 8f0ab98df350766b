// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Packets that other stacks sent; see the README beside the files. */
public final class Captures {
    private static final List<String> STACKS =
            List.of("aiortc", "chromium", "firefox", "libwebrtc", "pion", "usrsctp", "werift");

    /** A packet, and what an independent decoder says is in it. */
    public record Capture(String stack, String description, byte[] packet) {
        @Override
        public String toString() {
            return stack + ": " + description;
        }
    }

    private Captures() {}

    /** All of them. */
    public static List<Capture> all() {
        List<Capture> all = new ArrayList<>();
        for (String stack : STACKS) {
            try (InputStream file = Captures.class.getResourceAsStream("captures/" + stack + ".txt")) {
                List<String> lines = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                for (int i = 0; i < lines.size(); i += 2) {
                    all.add(new Capture(stack, lines.get(i), HexFormat.of().parseHex(lines.get(i + 1))));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }
}
