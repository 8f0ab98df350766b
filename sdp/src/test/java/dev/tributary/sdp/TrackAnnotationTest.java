// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.sdp.TrackAnnotation.Purpose;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TrackAnnotationTest {
    @ParameterizedTest
    @CsvSource({
        "1 2 Guest,        GUEST,  false, Guest",
        "2 1 The programme, MAIN,  true,  The programme",
        "3 2 Slides 1 2,   SCREEN, false, Slides 1 2",
        "1 2,              GUEST,  false, ''",
        "2\t1  two spaces, MAIN,   true,  two spaces",
        "Just a title,     GUEST,  false, Just a title",
        "4 2 x,            GUEST,  false, 4 2 x",
        "2 3 x,            GUEST,  false, 2 3 x",
        "22 1 x,           GUEST,  false, 22 1 x",
        "2,                GUEST,  false, 2",
        "1 1 1 1 nested,   GUEST,  true,  1 1 nested",
    })
    void readsShigsFormatAndTakesTheRestForALabel(String title, Purpose purpose, boolean muted, String label) {
        assertThat(TrackAnnotation.parse(title)).isEqualTo(new TrackAnnotation(purpose, muted, label));
    }

    @Test
    void readsAMissingTitleAsAGuestWhoIsHeard() {
        assertThat(TrackAnnotation.parse(null)).isEqualTo(new TrackAnnotation(Purpose.GUEST, false, ""));
    }

    @Test
    void keepsALabelFromBreakingOutOfItsLine() {
        var annotation = new TrackAnnotation(Purpose.MAIN, false, "Ann\r\na=sendonly\u0085\u2028\u0000\u007f\ud800!");

        assertThat(annotation.write()).isEqualTo("2 2 Anna=sendonly!");
    }

    @Test
    void cutsALabelAtACharacterBoundaryOfItsBytes() {
        assertThat(new TrackAnnotation(Purpose.GUEST, false, "x".repeat(128)).label())
                .hasSize(128);
        assertThat(new TrackAnnotation(Purpose.GUEST, false, "x".repeat(129)).label())
                .hasSize(128);
        assertThat(new TrackAnnotation(Purpose.GUEST, false, "x".repeat(125) + "\u00e9\u20ac").label())
                .isEqualTo("x".repeat(125) + "\u00e9");
        assertThat(new TrackAnnotation(Purpose.GUEST, false, "x".repeat(126) + "\ud83d\ude00").label())
                .isEqualTo("x".repeat(126));
    }

    /** The three readers of Shig (Go takes three words or nothing, its SDK the third word, Rust the rest), and their offers. */
    @ParameterizedTest
    @CsvSource({
        "1 2 Guest,              GUEST, false, Guest",
        "1 1 Guest,              GUEST, true,  Guest",
        "2 2 Stream,             MAIN,  false, Stream",
        "1 2 Guest%20of%20honour, GUEST, false, Guest%20of%20honour",
        "1 2 Guest_of_honour,    GUEST, false, Guest_of_honour",
        "1 2 Guest of honour,    GUEST, false, Guest of honour",
    })
    void readsTheThreeDialectsOfShig(String title, Purpose purpose, boolean muted, String label) {
        for (String section :
                List.of("m=audio 9 RTP/AVP 0", "m=video 9 RTP/AVP 96", "m=application 9 UDP/DTLS/SCTP x")) {
            String text = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" + section + "\r\ni=" + title + "\r\n";

            TrackAnnotation annotation =
                    SessionDescription.parse(text).media().get(0).annotation();

            assertThat(annotation).isEqualTo(new TrackAnnotation(purpose, muted, label));
            assertThat(annotation.write()).isEqualTo(title);
        }
    }

    /** What Shig's readers make of what we write, as long as the label is one word. */
    @ParameterizedTest
    @EnumSource(Purpose.class)
    void writesThreeWordsForAOneWordLabel(Purpose purpose) {
        assertThat(new TrackAnnotation(purpose, true, "Ann_Other").write().split(" "))
                .hasSize(3)
                .contains("1", "Ann_Other");
    }

    @Property
    void keepsAnyLabelInItsLine(
            @ForAll Purpose purpose,
            @ForAll boolean muted,
            @ForAll("labels") String before,
            @ForAll("labels") String after) {
        for (String injected : List.of("\r\na=sendonly\r\n", "\n", "\r", "\u2028m=audio 9 x 0", "\u0085", "\u0000")) {
            var annotation = new TrackAnnotation(purpose, muted, before + injected + after);
            MediaDescription section = MediaDescription.builder("video", 9, "RTP/AVP", List.of("96"))
                    .annotation(annotation)
                    .attribute("recvonly")
                    .build();
            SessionDescription description =
                    SessionDescription.builder(Origin.of(1, 1)).media(section).build();

            SessionDescription read = SessionDescription.parse(description.write());

            assertThat(read).isEqualTo(description);
            assertThat(read.media()).hasSize(1);
            assertThat(read.media().get(0).lines()).hasSize(2);
            assertThat(read.media().get(0).annotation()).isEqualTo(annotation);
            assertThat(annotation.label().codePoints()).noneMatch(Character::isISOControl);
        }
    }

    /** Any Unicode, halves of surrogate pairs included. */
    @Provide
    Arbitrary<String> labels() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(80),
                Arbitraries.strings().withCharRange('\ud800', '\udfff').ofMaxLength(10),
                Arbitraries.strings()
                        .withChars('\u00e9', '\u20ac', ' ', '1', '2', '\ufeff', '\u200f')
                        .ofMaxLength(140));
    }

    @Property
    void readsBackWhatItWrites(@ForAll Purpose purpose, @ForAll boolean muted, @ForAll String label) {
        var annotation = new TrackAnnotation(purpose, muted, label);

        assertThat(TrackAnnotation.parse(annotation.write())).isEqualTo(annotation);
        assertThat(new SdpLine('i', annotation.write()).value()).isEqualTo(annotation.write());
        assertThat(annotation.label().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(128);
    }

    @Property
    void readsAnyTitle(@ForAll String title) {
        var annotation = TrackAnnotation.parse(title);

        assertThat(TrackAnnotation.parse(annotation.write())).isEqualTo(annotation);
    }
}
