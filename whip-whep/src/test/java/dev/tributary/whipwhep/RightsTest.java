// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static dev.tributary.whipwhep.ControlPair.SECOND;
import static dev.tributary.whipwhep.ControlPair.last;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RightsTest {
    private static List<DynamicEvent.SetReceived> sets(ControlPair pair) {
        return pair.seen(pair.receiverEvents, DynamicEvent.SetReceived.class);
    }

    @Test
    void ownersSetWhatBelongsToTheSource() {
        ControlPair pair = ControlPair.whip(Permission.PUBLISH).open();
        long id = pair.sender.set("own1", TrackChange.muted(true));
        pair.exchange();

        assertThat(sets(pair)).containsExactly(new DynamicEvent.SetReceived(id, "own1", TrackChange.muted(true)));
        pair.receiver.accept(id);
        pair.exchange();
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.ReplyReceived.class))
                .containsExactly(new DynamicEvent.ReplyReceived(id, null, ""));
    }

    @Test
    void nobodyUnmutesSomebodyElseNotEvenTheHost() {
        ControlPair pair = ControlPair.whip(Permission.PUBLISH, Permission.HOST).open();
        pair.sender.set("other", TrackChange.muted(false));
        pair.exchange();

        assertThat(sets(pair)).isEmpty();
        assertThat(last(pair.fromReceiver)).contains("\"code\":\"forbidden\"", "\"re\":1");
    }

    @Test
    void onlyHostsSetWhatBelongsToTheRoom() {
        ControlPair guest = ControlPair.whip(Permission.PUBLISH).open();
        guest.sender.set("own1", TrackChange.enabled(true));
        guest.exchange();
        assertThat(sets(guest)).isEmpty();

        ControlPair host = ControlPair.whip(Permission.PUBLISH, Permission.HOST).open();
        host.sender.set("other", TrackChange.enabled(false));
        host.sender.set("other", TrackChange.purpose(Purpose.MAIN));
        host.exchange();
        assertThat(sets(host)).hasSize(2);
    }

    @Test
    void theRoomTellsAPublisherWhatItHasSet() {
        ControlPair pair = ControlPair.whip(Permission.PUBLISH).open();
        pair.put("own1");
        pair.receiver.set("own1", TrackChange.enabled(false));
        pair.exchange();

        assertThat(pair.sender.track("own1").enabled()).isFalse();
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks());

        pair.receiver.set("own1", TrackChange.muted(false));
        pair.exchange();
        assertThat(last(pair.fromSender)).contains("forbidden");
    }

    @Test
    void onlyHostsAskPublishersThroughTheRoom() {
        ControlPair viewer = ControlPair.whep(Permission.PLAY).open();
        viewer.put("t1");
        viewer.receiver.request(TrackRequest.of(TrackRequest.Op.MUTE, "t1"));
        viewer.exchange();
        assertThat(last(viewer.fromSender)).contains("forbidden");

        ControlPair host = ControlPair.whep(Permission.PLAY, Permission.HOST).open();
        host.put("t1");
        host.receiver.request(TrackRequest.of(TrackRequest.Op.MUTE, "t1"));
        host.exchange();
        assertThat(host.seen(host.senderEvents, DynamicEvent.RequestReceived.class))
                .hasSize(1);
    }

    @Test
    void requestsReachTheOwnerWithTheirArguments() {
        ControlPair pair = ControlPair.whep(Permission.PLAY).open();
        pair.put("t1");
        List<TrackRequest> requests = List.of(
                TrackRequest.layer("t1", "h"),
                TrackRequest.layerWithin("t1", 640, 360, 15),
                TrackRequest.priority("t1", 100),
                TrackRequest.of(TrackRequest.Op.KEYFRAME, "t1"));
        requests.forEach(pair.receiver::request);
        pair.exchange();

        assertThat(pair.seen(pair.senderEvents, DynamicEvent.RequestReceived.class).stream()
                        .map(DynamicEvent.RequestReceived::request))
                .containsExactlyElementsOf(requests);
    }

    @Test
    void aRequestForAnUnknownTrackIsRefused() {
        ControlPair pair = ControlPair.whep(Permission.PLAY).open();
        long id = pair.receiver.request(TrackRequest.of(TrackRequest.Op.KEYFRAME, "nobody"));
        pair.exchange();

        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.ReplyReceived.class)
                        .get(0)
                        .error())
                .isEqualTo(ErrorCode.UNKNOWN_TRACK);
        assertThat(id).isPositive();
    }

    @Test
    void aClientMaySendItsBurstAndTheRateAfterIt() {
        DynamicSender server = DynamicSender.of(DynamicOptions.server("s1", ControlRole.VIEWER));
        server.opened(0);
        server.handleText("{\"type\":\"hello\",\"version\":1,\"role\":\"viewer\"}", 0);
        int pongs = pings(server, 70, 0);
        assertThat(pongs).isEqualTo(59);
        assertThat(pings(server, 25, SECOND)).isEqualTo(20);
        assertThat(server.isUp()).isTrue();
    }

    @Test
    void aClientFarAboveTheRateIsCutOff() {
        DynamicSender server = DynamicSender.of(DynamicOptions.server("s1", ControlRole.VIEWER));
        server.opened(0);
        server.handleText("{\"type\":\"hello\",\"version\":1,\"role\":\"viewer\"}", 0);
        pings(server, 59 + 60, 0);
        assertThat(server.isUp()).isTrue();

        server.handleText("{\"type\":\"ping\",\"id\":1}", 0);

        assertThat(server.isUp()).isFalse();
        assertThat(server.pollMessage()).contains("rate-limited", "\"fatal\":true");
    }

    private static int pings(DynamicSender server, int count, long now) {
        int pongs = 0;
        for (int i = 1; i <= count; i++) {
            server.handleText("{\"type\":\"ping\",\"id\":" + i + "}", now);
        }
        for (String text; (text = server.pollMessage()) != null; ) {
            pongs += text.contains("pong") ? 1 : 0;
        }
        return pongs;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "[]",
                "null",
                "{\"type\":1}",
                "{}",
                "{\"type\":\"answer\"}",
                "{\"type\":\"answer\",\"seq\":-1,\"sdp\":\"\"}",
                "{\"type\":\"answer\",\"seq\":1e400,\"sdp\":\"\"}",
                "{\"type\":\"answer\",\"seq\":\"1\",\"sdp\":\"\"}",
                "{\"type\":\"request\",\"id\":1,\"op\":\"dance\",\"track\":\"t\"}",
                "{\"type\":\"ping\",\"type\":\"pong\",\"id\":1}",
                "{\"type\":\"ping\",\"id\":1} {}",
                "{\"type\":\"ping\",\"id\":9007199254740992}",
                "{\"type\":\"ping\",\"id\":1,\"x\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}"
            })
    void aMessageThatCannotBeReadGetsAnErrorAndNothingElse(String text) {
        ControlPair pair = ControlPair.whep(Permission.PLAY).open();
        int before = pair.fromSender.size();

        pair.sender.handleText(text, pair.now);
        pair.exchange();

        assertThat(pair.fromSender).hasSize(before + 1);
        assertThat(last(pair.fromSender)).contains("\"code\":\"bad-message\"").doesNotContain("fatal");
        assertThat(pair.sender.isUp()).isTrue();
    }

    @Test
    void anUnknownTypeGetsAnErrorThatDoesNotEndAnything() {
        ControlPair pair = ControlPair.whep(Permission.PLAY).open();
        pair.sender.handleText("{\"type\":\"tomorrow\",\"id\":7}", pair.now);
        pair.exchange();

        assertThat(last(pair.fromSender)).contains("unknown-type", "\"re\":7").doesNotContain("fatal");
    }

    @Test
    void aReceiverNeverOffers() {
        ControlPair pair = ControlPair.whep(Permission.PLAY).open();
        pair.sender.handleText("{\"type\":\"offer\",\"seq\":1,\"mids\":{},\"sdp\":\"v=0\"}", pair.now);
        pair.exchange();

        assertThat(last(pair.fromSender)).contains("role-conflict");
    }

    @Test
    void anErrorIsNeverAnsweredByAnError() {
        ControlPair pair = ControlPair.whep(Permission.PLAY).open();
        int before = pair.fromSender.size();
        pair.sender.handleText("{\"type\":\"error\",\"code\":7}", pair.now);
        pair.exchange();

        assertThat(pair.fromSender).hasSize(before);
    }

    @Test
    void aMessageAtTheLimitIsReadAndOneByteMoreIsNot() {
        ControlPair pair = ControlPair.whep(Permission.PLAY).open();
        String ping = "{\"type\":\"ping\",\"id\":1,\"x\":\"%s\"}";
        int limit = DynamicLimits.DEFAULT.receivedBytes();
        String full = ping.formatted("é".repeat((limit - ping.length() + 2) / 2));
        full = full + " ".repeat(limit - full.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);

        pair.sender.handleText(full, pair.now);
        pair.exchange();
        assertThat(last(pair.fromSender)).contains("pong");

        pair.sender.handleText(full + " ", pair.now);
        pair.exchange();
        assertThat(last(pair.fromSender)).contains("too-large");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        ControlPair pair = ControlPair.whep(Permission.PLAY).open();
        pair.sender.handleBytes(new byte[] {'{', (byte) 0xff, '}'}, pair.now);
        pair.exchange();
        assertThat(last(pair.fromSender)).contains("bad-message");

        pair.sender.handleBytes(
                "{\"type\":\"ping\",\"id\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8), pair.now);
        pair.exchange();
        assertThat(last(pair.fromSender)).contains("pong");
    }
}
