// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.whipwhep.Purpose;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackKind;
import dev.tributary.whipwhep.TrackOrigin;
import org.junit.jupiter.api.Test;

class HostDecisionsTest {
    private final HostDecisions decisions = new HostDecisions();

    @Test
    void knowsAnActorByAnyOfItsTracksOfThatKind() {
        decisions.remember(camera("first", "https://b.example/bob").withEnabled(false));

        assertThat(decisions.allow(camera("second", "https://b.example/bob"))).isFalse();
        assertThat(decisions.allow(camera("second", "https://b.example/eve"))).isTrue();
        assertThat(decisions.allow(camera("second", "https://b.example/bob").withPurpose(Purpose.SCREEN)))
                .isTrue();
    }

    @Test
    void takesBackWhatIsEnabledAgain() {
        decisions.remember(camera("first", "https://b.example/bob").withEnabled(false));
        decisions.remember(camera("first", "https://b.example/bob"));

        assertThat(decisions.allow(camera("first", "https://b.example/bob"))).isTrue();
    }

    @Test
    void knowsANobodyByTheTrack() {
        decisions.remember(camera("first", null).withEnabled(false));

        assertThat(decisions.allow(camera("first", null))).isFalse();
        assertThat(decisions.allow(camera("second", null))).isTrue();
    }

    @Test
    void forgetsTheOldestOfTooMany() {
        for (int i = 0; i <= HostDecisions.REMEMBERED_MAX; i++) {
            decisions.remember(camera("camera" + i, null).withEnabled(false));
        }

        assertThat(decisions.allow(camera("camera0", null))).isTrue();
        assertThat(decisions.allow(camera("camera1", null))).isFalse();
    }

    private static Track camera(String id, String actor) {
        return Track.of(id, TrackKind.VIDEO, Purpose.GUEST, "Bob", "stage").withOrigin(new TrackOrigin(actor, null));
    }
}
