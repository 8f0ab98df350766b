// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static dev.tributary.whipwhep.ControlPair.SECOND;
import static dev.tributary.whipwhep.ControlPair.last;
import static dev.tributary.whipwhep.ControlPair.track;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrackListTest {
    private final ControlPair pair = ControlPair.whep(Permission.PLAY).open();

    @Test
    void everyChangeIsARevisionMore() {
        pair.put("t1");
        pair.sender.put(track("t1").withLabel("Other"), pair.now);
        pair.sender.remove("t1", pair.now);
        pair.exchange();

        assertThat(pair.fromSender.subList(1, 4).stream().map(text -> text.substring(0, 42)))
                .containsExactly(
                        "{\"type\":\"track\",\"revision\":1,\"op\":\"add\",\"t",
                        "{\"type\":\"track\",\"revision\":2,\"op\":\"update\"",
                        "{\"type\":\"track\",\"revision\":3,\"op\":\"remove\"");
        assertThat(pair.receiver.revision()).isEqualTo(3);
    }

    @Test
    void whatDoesNotChangeIsNotTold() {
        pair.put("t1");
        int before = pair.fromSender.size();

        pair.put("t1");

        assertThat(pair.fromSender).hasSize(before);
        assertThat(pair.sender.revision()).isEqualTo(1);
    }

    @Test
    void aGapInTheRevisionsAsksForTheWholeListOnce() {
        pair.put("t1");
        pair.receiverIsDeaf = true;
        pair.put("t2");
        pair.receiverIsDeaf = false;
        pair.sender.put(track("t3"), pair.now);
        pair.sender.put(track("t4"), pair.now);
        pair.exchange();

        assertThat(pair.count(pair.fromReceiver, "\"op\":\"resync\"")).isEqualTo(1);
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks()).hasSize(4);
    }

    @Test
    void anOldRevisionIsIgnored() {
        pair.put("t1");
        pair.receiver.handleText(
                "{\"type\":\"track\",\"revision\":1,\"op\":\"remove\",\"track\":{\"id\":\"t1\"}}", pair.now);

        assertThat(pair.receiver.tracks()).hasSize(1);
    }

    @Test
    void manyChangesAtOnceBecomeOneSnapshot() {
        for (int i = 0; i < 60; i++) {
            pair.sender.put(track("t" + i), pair.now);
        }
        pair.pass(SECOND / 4);

        assertThat(pair.count(pair.fromSender, "\"type\":\"track\"")).isEqualTo(30);
        assertThat(pair.count(pair.fromSender, "\"type\":\"tracks\"")).isEqualTo(1);
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks()).hasSize(60);
    }

    @Test
    void aSlowPeerGetsOneSnapshotInsteadOfEveryChange() {
        ControlPair slow = new ControlPair(
                DynamicOptions.server("s1", ControlRole.VIEWER).withLimits(DynamicLimits.DEFAULT.withQueue(8, 1 << 20)),
                DynamicOptions.client(ControlRole.VIEWER));
        slow.open();
        for (int i = 0; i < 20; i++) {
            slow.sender.put(track("t" + i), slow.now);
        }
        slow.exchange();

        assertThat(slow.fromSender).hasSizeLessThanOrEqualTo(1 + 8);
        assertThat(slow.receiver.tracks()).isEqualTo(slow.sender.tracks()).hasSize(20);
    }

    @Test
    void theChannelClosesWhenEvenThatIsTooMuch() {
        DynamicReceiver receiver = DynamicReceiver.of(DynamicOptions.server("s1", ControlRole.PUBLISHER)
                .withLimits(DynamicLimits.DEFAULT.withQueue(8, 1 << 20)));
        receiver.opened(0);
        receiver.handleText("{\"type\":\"hello\",\"version\":1,\"role\":\"publisher\"}", 0);
        for (int i = 1; i <= 8; i++) {
            receiver.handleText("{\"type\":\"ping\",\"id\":" + i + "}", 0);
        }

        assertThat(receiver.isUp()).isFalse();
        assertThat(receiver.pollEvent()).isInstanceOf(DynamicEvent.Up.class);
        assertThat(receiver.pollEvent()).isInstanceOf(DynamicEvent.CloseChannel.class);
    }

    @Test
    void aListHasItsLimitAndNotOneMore() {
        ControlPair few = new ControlPair(
                DynamicOptions.server("s1", ControlRole.VIEWER).withLimits(DynamicLimits.DEFAULT.withTracks(2)),
                DynamicOptions.client(ControlRole.VIEWER).withLimits(DynamicLimits.DEFAULT.withTracks(1)));

        assertThat(few.sender.put(track("t1"), 0)).isTrue();
        few.open();
        assertThat(few.receiver.tracks()).hasSize(1);
        assertThat(few.sender.put(track("t2"), 0)).isTrue();
        assertThat(few.sender.put(track("t3"), 0)).isFalse();
        few.exchange();

        assertThat(few.receiver.tracks()).hasSize(1);
        assertThat(last(few.fromReceiver)).contains("\"code\":\"limit\"");
    }

    @Test
    void unknownFieldsAreIgnoredAndUnknownPurposesAreGuests() {
        pair.receiver.handleText(
                "{\"type\":\"track\",\"revision\":1,\"op\":\"add\",\"future\":{},\"track\":{\"id\":\"x\",\"kind\":\"video\",\"purpose\":\"hologram\",\"smell\":3}}",
                pair.now);

        assertThat(pair.receiver.track("x").purpose()).isEqualTo(Purpose.GUEST);
        assertThat(pair.receiver.track("x").enabled()).isTrue();
    }

    @Test
    void labelsAreStrippedAndCutAtACharacter() {
        assertThat(track("x").withLabel("a\r\nb\u0000\u2028c").label()).isEqualTo("abc");
        assertThat(track("x").withLabel("é".repeat(64)).label()).hasSize(64);
        assertThat(track("x").withLabel("é".repeat(65)).label()).hasSize(64);
        assertThat(track("x").withLabel("a" + "é".repeat(64)).label()).isEqualTo("a" + "é".repeat(63));
    }

    @Test
    void idsAreTokensOfAtMost64Characters() {
        assertThat(track("x".repeat(64)).id()).hasSize(64);
        for (String bad : List.of("", "x".repeat(65), "a b", "a\"b", "ä", "a/b")) {
            assertThatThrownBy(() -> track(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void layersAreToldWithoutAnythingElse() {
        pair.put("t1");
        pair.sender.put(track("t1").withLayers(List.of(new TrackLayer("h", 1280, 720, 2_000_000, true))), pair.now);
        pair.exchange();

        assertThat(last(pair.fromSender)).contains("\"type\":\"layers\"", "\"rid\":\"h\"", "\"bitrate\":2000000");
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks());
    }

    @Test
    void pauseBelongsToTheReceiverAndShowsInItsListOnly() {
        pair.put("t1");
        pair.receiver.request(TrackRequest.of(TrackRequest.Op.PAUSE, "t1"));
        pair.exchange();
        assertThat(pair.receiver.track("t1").paused()).isTrue();

        pair.sender.put(track("t1").withMuted(true), pair.now);
        pair.exchange();
        assertThat(pair.receiver.track("t1").paused()).isTrue();
    }

    @Test
    void eventsReachTheReceiverAsTheyAre() {
        pair.sender.event("speaker", "{\"track\":\"t1\"}");
        pair.exchange();

        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.EventReceived.class))
                .containsExactly(new DynamicEvent.EventReceived("speaker", "{\"track\":\"t1\"}"));
        assertThatThrownBy(() -> pair.sender.event("speaker", "{")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void idsOfADescriptionBecomeTokens() {
        assertThat(Track.tokenOf("{9b-1}")).isEqualTo("{9b-1}");
        assertThat(Track.tokenOf("user1@host-2")).startsWith("user1-host-2-").matches("[a-z0-9-]+");
        assertThat(Track.tokenOf("a@b")).isNotEqualTo(Track.tokenOf("a/b"));
        assertThat(Track.tokenOf("x".repeat(65))).hasSizeLessThanOrEqualTo(64);
        assertThat(Track.of(Track.tokenOf(""), TrackKind.AUDIO, Purpose.MAIN, "", Track.tokenOf("\u20ac\n"))
                        .id())
                .isNotEmpty();
    }
}
