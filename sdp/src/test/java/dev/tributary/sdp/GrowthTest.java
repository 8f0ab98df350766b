// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing that a stranger can send costs more than linear time: a text of one form that is sixteen times as long costs about
 * sixteen times as much, without any limit to hide behind. Quadratic work would cost 256 times as much.
 *
 * <p>Bytes allocated are exact. Work that allocates nothing shows in processor time only, which needs room for caches and a busy
 * machine; hence the long factor between the two texts.
 */
final class GrowthTest {
    private static final int SIZE = 1000;
    private static final int FACTOR = 16;
    private static final int RUNS = 2;
    private static final int TURNS_MAX = 30;
    private static final double BYTES_FACTOR_MAX = FACTOR * 1.3;
    private static final double TIME_FACTOR_MAX = FACTOR * 3.0;
    private static final SdpLimits NONE = new SdpLimits(
            Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private static final String SESSION = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
    private static final String TRANSPORT =
            "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n" + "a=fingerprint:sha-256 "
                    + "AB:".repeat(31) + "AB\r\n";
    private static final String VIDEO =
            "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtcp-mux\r\na=mid:0\r\n" + TRANSPORT + "a=rtpmap:96 VP8/90000\r\n";

    static Stream<Named<IntFunction<String>>> shapes() {
        return Stream.of(
                attributes("unknown attributes", "a=unknown%d:value"),
                attributes("unknown lines", "b=CT:%d"),
                attributes("malformed simulcast", "a=simulcast:send %d;"),
                attributes("rtpmap of one payload type", "a=rtpmap:97 H264/%d1"),
                attributes("fmtp of one payload type", "a=fmtp:96 x=%d"),
                attributes("rtcp-fb of one payload type", "a=rtcp-fb:96 kind%d"),
                attributes("rtcp-fb of all payload types", "a=rtcp-fb:* kind%d"),
                attributes("extmap", "a=extmap:1 urn:%d"),
                attributes("candidates", "a=candidate:%d 1 udp 1 192.0.2.1 9 typ host"),
                attributes("rids", "a=rid:r%d send"),
                attributes("msids", "a=msid:stream%d track"),
                attributes("ssrcs", "a=ssrc:1%d cname:x"),
                attributes("attributes of one ssrc", "a=ssrc:1 name%d:x"),
                attributes("ssrc-groups", "a=ssrc-group:FID 1%d 2"),
                attributes("fingerprints", "a=fingerprint:sha-%d " + "AB:".repeat(31) + "AB"),
                line("one long unknown attribute", "a=unknown:", "x", ""),
                line("one long run of blanks", "a=rtpmap:97", " ", "H264/90000"),
                line("one long fmtp", "a=fmtp:96 ", "x=1;", ""),
                line("one long rtcp-fb", "a=rtcp-fb:96 ", "nack ", ""),
                line("one long rid", "a=rid:1 send ", "x=1;", ""),
                line("payload types of a rid", "a=rid:1 send pt=96", ",96", ""),
                line("one long simulcast", "a=simulcast:send 1", ";1", ""),
                line("one long ssrc-group", "a=ssrc-group:FID", " 1", ""),
                line("one long candidate", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host", " x y", ""),
                line("one long ice-options", "a=ice-options:x", ",x", ""),
                line("one long annotation", "i=", "x;", ""),
                Named.of("formats", n -> SESSION + VIDEO.replace(" 96\r\n", " 96".repeat(n) + "\r\n")),
                Named.of("a long BUNDLE group", n -> SESSION + "a=group:BUNDLE" + numbers(n, " %d") + "\r\n" + VIDEO),
                Named.of("BUNDLE groups", n -> SESSION + numbers(n / 10, "a=group:BUNDLE %d\r\n") + VIDEO),
                Named.of("refused sections", n -> SESSION + VIDEO + numbers(n / 10, "m=video 0 RTP/SAVPF 96\r\n")),
                Named.of(
                        "bundled sections",
                        n -> SESSION + "a=group:BUNDLE" + numbers(n / 100, " %d") + "\r\n"
                                + IntStream.range(0, n / 100)
                                        .mapToObj(i -> VIDEO.replace("mid:0", "mid:" + i))
                                        .reduce("", String::concat)),
                Named.of(
                        "sections and session attributes",
                        n -> SESSION + "a=group:BUNDLE" + numbers(n / 100, " %d") + "\r\n"
                                + numbers(n / 10, "a=x:%d\r\n")
                                + IntStream.range(0, n / 100)
                                        .mapToObj(i -> VIDEO.replace("mid:0", "mid:" + i))
                                        .reduce("", String::concat)));
    }

    private static Named<IntFunction<String>> attributes(String name, String format) {
        return Named.of(name, n -> SESSION + VIDEO + numbers(n / 5, format + "\r\n"));
    }

    private static Named<IntFunction<String>> line(String name, String start, String repeated, String end) {
        return Named.of(name, n -> {
            String line = start + repeated.repeat(n) + end + "\r\n";
            return SESSION + (line.startsWith("i=") ? VIDEO.replaceFirst("\r\n", "\r\n" + line) : VIDEO + line);
        });
    }

    private static String numbers(int count, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(String.format(Locale.ROOT, format, i));
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void readingAndWritingTakesLinearWork(IntFunction<String> shape) {
        isLinear(shape, text -> SessionDescription.parse(text, NONE).write());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void interpretingTakesLinearWork(IntFunction<String> shape) {
        isLinear(shape, text -> Work.interpret(SessionDescription.parse(text, NONE)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void negotiatingTakesLinearWork(IntFunction<String> shape) {
        isLinear(shape, GrowthTest::negotiate);
    }

    /** An offer, the same offer again, and an offer with another certificate: each answered or refused. */
    private static void negotiate(String text) {
        var server = Peers.server().slotsMax(Integer.MAX_VALUE).build();
        for (String offer : List.of(text, text.replace("IP4 0", "IP4 1"), text.replace("AB:AB", "AB:CD"))) {
            try {
                server.applyOffer(SessionDescription.parse(offer, NONE));
                server.createAnswer();
            } catch (SdpException refused) {
                assertThat(server.state()).isEqualTo(Negotiation.State.STABLE);
            }
        }
    }

    private static void isLinear(IntFunction<String> shape, Consumer<String> operation) {
        String small = shape.apply(SIZE);
        String large = shape.apply(FACTOR * SIZE);

        double bytes = (double) Work.bytes(RUNS, () -> operation.accept(large))
                / Work.bytes(RUNS, () -> operation.accept(small));
        assertThat(bytes).as("growth of the bytes allocated").isLessThan(BYTES_FACTOR_MAX);

        assertThat(timeFactor(() -> operation.accept(small), () -> operation.accept(large)))
                .as("growth of the processor time")
                .isLessThan(TIME_FACTOR_MAX);
    }

    /**
     * The least time of the large one over the least of the small one. Both are measured in turns, for code gets faster while it
     * runs, until the answer is good enough: on a busy machine the compiler may come late, but a square stays a square.
     */
    private static double timeFactor(Runnable small, Runnable large) {
        long smallest = Long.MAX_VALUE;
        long largest = Long.MAX_VALUE;
        double factor = Double.MAX_VALUE;
        for (int turn = 0; turn < TURNS_MAX && factor >= TIME_FACTOR_MAX; turn++) {
            smallest = Math.min(smallest, Work.cpuNanos(FACTOR, small));
            largest = Math.min(largest, Work.cpuNanos(1, large));
            factor = (double) largest / smallest;
        }
        return factor;
    }
}
