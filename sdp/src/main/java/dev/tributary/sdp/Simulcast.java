// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several encodings of one source (RFC 8853). Each element of a list is one simulcast stream; it names its alternatives,
 * of which at most one is sent at a time, in order of preference.
 *
 * @param send streams that the owner of the description sends
 * @param receive streams that the owner of the description receives
 */
public record Simulcast(List<List<Stream>> send, List<List<Stream>> receive) {
    /** Most streams and alternatives of one direction; more are not read. */
    public static final int STREAMS_MAX = 16;

    /**
     * A reference to a rid.
     *
     * @param rid id of the rid
     * @param paused whether the stream starts paused ({@code ~})
     */
    public record Stream(String rid, boolean paused) {
        private String write() {
            return paused ? '~' + rid : rid;
        }
    }

    /** Keeps unmodifiable copies. */
    public Simulcast {
        send = send.stream().map(List::copyOf).toList();
        receive = receive.stream().map(List::copyOf).toList();
    }

    /** Streams without alternatives that the owner sends, in this order. */
    public static Simulcast sending(List<String> rids) {
        return new Simulcast(
                rids.stream().map(rid -> List.of(new Stream(rid, false))).toList(), List.of());
    }

    /** The same streams seen from the other side: what an answer that takes everything says (RFC 8853 §5.3.2). */
    public Simulcast reversed() {
        return new Simulcast(receive, send);
    }

    /**
     * Reads the value of the attribute.
     *
     * @return null when it is malformed: RFC 8853 §5.1 wants the attribute ignored then, not the description refused
     */
    static @Nullable Simulcast parse(String value) {
        String[] words = Scan.words(value, 5);
        if (words.length != 2 && words.length != 4) {
            return null;
        }
        List<List<Stream>> send = null;
        List<List<Stream>> receive = null;
        for (int i = 0; i < words.length; i += 2) {
            List<List<Stream>> streams = streams(words[i + 1]);
            if (streams == null) {
                return null;
            }
            if (words[i].equals("send") && send == null) {
                send = streams;
            } else if (words[i].equals("recv") && receive == null) {
                receive = streams;
            } else {
                return null;
            }
        }
        return new Simulcast(send == null ? List.of() : send, receive == null ? List.of() : receive);
    }

    private static @Nullable List<List<Stream>> streams(String text) {
        List<List<Stream>> streams = new ArrayList<>();
        for (String alternatives : Scan.split(text, ';')) {
            List<Stream> stream = new ArrayList<>();
            for (String alternative : Scan.split(alternatives, ',')) {
                boolean paused = alternative.startsWith("~");
                String rid = paused ? alternative.substring(1) : alternative;
                if (!Rid.isId(rid) || stream.size() == STREAMS_MAX) {
                    return null;
                }
                stream.add(new Stream(rid, paused));
            }
            if (streams.size() == STREAMS_MAX) {
                return null;
            }
            streams.add(stream);
        }
        return streams;
    }

    /** The value of the attribute. */
    public String write() {
        StringBuilder text = new StringBuilder();
        write(text, "send ", send);
        write(text, "recv ", receive);
        return text.toString();
    }

    private static void write(StringBuilder text, String direction, List<List<Stream>> streams) {
        if (streams.isEmpty()) {
            return;
        }
        text.append(text.length() == 0 ? "" : " ").append(direction);
        text.append(String.join(
                ";",
                streams.stream()
                        .map(stream -> String.join(
                                ",", stream.stream().map(Stream::write).toList()))
                        .toList()));
    }
}
