// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.sdp.TrackAnnotation.Purpose;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
