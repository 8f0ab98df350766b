// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Shig's client writes and reads, letter by letter. */
class ShigWireTest {
    private static final String OFFER = """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1 2
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            i=%s
            c=IN IP4 0.0.0.0
            a=mid:0
            a=sendrecv
            a=msid:camera sound
            a=rtpmap:111 opus/48000/2
            m=video 9 UDP/TLS/RTP/SAVPF 96
            i=2
            c=IN IP4 0.0.0.0
            a=mid:1
            a=sendonly
            a=msid:mix picture
            a=rtpmap:96 VP8/90000
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            i=1 1 Guest
            c=IN IP4 0.0.0.0
            a=mid:2
            a=sctp-port:5000
            """;

    // ---- descriptions ----

    @ParameterizedTest
    @CsvSource({
        "1 2 Guest, Alice, false",
        "1 1 Guest, Alice, true",
        "1, Alice, false",
        "1 2 Bob%20B, Bob B, false",
        "1 2 100%, 100%, false",
        "9 9 Carol, Carol, false",
    })
    void readsItsAnnotationsOfOneToThreeWords(String title, String label, boolean isMuted) {
        List<Track> tracks = ShigSdp.tracks(ShigSdp.fromClient(OFFER.formatted(title), "Alice"));

        assertThat(tracks).hasSize(2);
        assertThat(tracks.get(0))
                .extracting(Track::id, Track::mid, Track::stream, Track::label, Track::muted, Track::purpose)
                .containsExactly("sound", "0", "camera", label, isMuted, Purpose.GUEST);
        assertThat(tracks.get(1).purpose()).isEqualTo(Purpose.MAIN);
    }

    @Test
    void takesTheAnnotationOfTheDataChannelAway() {
        assertThat(ShigSdp.fromClient(OFFER.formatted("1 2 Guest"), "").split("m=application")[1])
                .doesNotContain("i=");
    }

    @Test
    void writesOneWordForTheLabelAndTellsWhoEachTrackIsOf() {
        String told = ShigSdp.toClient("""
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                i=3 1 Bob B
                a=msid:bob sound
                m=video 9 UDP/TLS/RTP/SAVPF 96
                i=2 2
                a=msid:bob picture
                a=ssrc:7 msid:bob picture
                """);

        assertThat(told).contains("\r\ni=1 1 Bob_B\r\n", "\r\ni=2 2 Guest\r\n");
        List<String> ids = told.lines()
                .filter(line -> line.startsWith("a=msid:"))
                .map(line -> line.split(" ")[1])
                .toList();
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{6}-[0-9a-f-]{36}"));
        assertThat(ids.get(0).substring(6))
                .as("one person")
                .isEqualTo(ids.get(1).substring(6));
        assertThat(told).contains("a=ssrc:7 msid:bob " + ids.get(1));
    }

    // ---- messages ----

    @Test
    void writesEachDialect() {
        assertThat(text(ShigMessages.offer(Dialect.Y2024, 3, "v=0")))
                .isEqualTo(
                        "{\"id\":0,\"type\":1,\"data\":{\"number\":3,\"sdp\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}}");
        assertThat(text(ShigMessages.offer(Dialect.V1, 3, "v=0")))
                .isEqualTo("{\"id\":0,\"type\":\"1\",\"data\":{\"number\":3,\"sdp\":\"v=0\"}}");
        assertThat(text(ShigMessages.mute(Dialect.Y2024, "4", true)))
                .isEqualTo("{\"id\":0,\"type\":3,\"data\":{\"mute\":true,\"mid\":\"4\"}}");
    }

    @Test
    void readsEitherDialect() {
        assertThat(read("{\"type\":2,\"id\":0,\"data\":{\"sdp\":{\"type\":\"answer\",\"sdp\":\"v=0\"},\"number\":1}}"))
                .isEqualTo(new ShigMessages.Answer(1, "v=0"));
        assertThat(read("{\"type\":\"2\",\"data\":{\"sdp\":\"v=0\",\"number\":1}}"))
                .isEqualTo(new ShigMessages.Answer(1, "v=0"));
        assertThat(read("{\"type\":\"3\",\"id\":0,\"data\":{\"mute\":false,\"mid\":\"0\"}}"))
                .isEqualTo(new ShigMessages.Mute("0", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "7",
                "null",
                "{",
                "{\"type\":1,\"data\":{}}",
                "{\"type\":2}",
                "{\"type\":2,\"data\":{\"sdp\":7}}",
                "{\"type\":3,\"data\":{\"mute\":\"yes\",\"mid\":\"0\"}}",
                "{\"type\":{\"a\":1}}"
            })
    void whatItDoesNotSayIsNothing(String message) {
        assertThat(read(message)).isNull();
    }

    @Property
    void noBytesBreakIt(@ForAll byte[] message) {
        ShigMessages.Said said = ShigMessages.read(message);
        assertThat(said == null || said.toString() != null).isTrue();
    }

    @Property
    void noPathBreaksIt(@ForAll String path) {
        ShigRoute route = ShigRoute.parse("/" + path.replace("%", ""));
        assertThat(route == null || route.action() != null).isTrue();
    }

    // ---- paths ----

    @ParameterizedTest
    @CsvSource({
        "/space/alice@tv/stream/7, Y2024, STREAM, alice@tv, 7",
        "/space/alice%40tv/stream/7/whip, Y2024, WHIP, alice@tv, 7",
        "/space/a/stream/7/live, Y2024, LIVE, a, 7",
        "/stream/7, V1, STREAM, '', 7",
        "/stream/7/friends, V1, FRIENDS, '', 7",
        "/channel/a/stream/7/whep, V1, WHEP, a, 7",
        "/channel/a/stream/7/lobby/leave, V1, LEAVE, a, 7",
        "/channel/a/stream/7/lobby/live, V1, LIVE, a, 7",
    })
    void readsThePathsOfBothDialects(
            String path, Dialect dialect, ShigRoute.Action action, String space, String stream) {
        assertThat(ShigRoute.parse(path)).isEqualTo(new ShigRoute(dialect, action, space, stream));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/space",
                "/space/a",
                "/space/a/stream",
                "/space/a/stream//whip",
                "/space/a/stream/7/pipe",
                "/space/a/streams/7",
                "/channel/a/stream/7",
                "/channel/a/stream/7/lobby/burn",
                "/stream",
                "/stream/%",
                "/stream/7/enemies",
                "/space/a/stream/7/whip/8"
            })
    void otherPathsMeanNothing(String path) {
        assertThat(ShigRoute.parse(path)).isNull();
    }

    private static ShigMessages.Said read(String message) {
        return ShigMessages.read(message.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }
}
