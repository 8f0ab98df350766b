// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static dev.tributary.whipwhep.ControlPair.MILLI;
import static dev.tributary.whipwhep.ControlPair.SECOND;
import static dev.tributary.whipwhep.ControlPair.last;
import static dev.tributary.whipwhep.ControlPair.track;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OfferTest {
    private final ControlPair pair = ControlPair.whep(Permission.PLAY).open();

    private List<DynamicEvent.OfferNeeded> needed() {
        return pair.seen(pair.senderEvents, DynamicEvent.OfferNeeded.class);
    }

    @Test
    void changesBecomeOneOfferAfterAQuietTenthOfASecond() {
        pair.put("t1");
        pair.pass(99 * MILLI);
        pair.put("t2");
        pair.pass(99 * MILLI);
        assertThat(needed()).isEmpty();

        pair.pass(1 * MILLI);

        assertThat(needed()).containsExactly(new DynamicEvent.OfferNeeded(List.of("t1", "t2")));
    }

    @Test
    void changesThatDoNotEndAreOfferedAfterHalfASecond() {
        for (int i = 0; i < 10; i++) {
            pair.put("t" + i);
            pair.pass(50 * MILLI);
        }

        assertThat(needed()).hasSize(1);
        assertThat(needed().get(0).wanted()).hasSize(10);
    }

    @Test
    void changesWhileAnOfferIsOutAreOfferedOnceAfterTheCommit() {
        long seq = pair.offer("t1", "2");
        pair.put("t2");
        pair.put("t3");
        pair.pass(2 * SECOND);
        assertThat(needed()).hasSize(1);

        pair.receiver.answer(seq, "v=0", pair.now);
        pair.exchange();
        pair.sender.committed(seq, Set.of(), pair.now);
        pair.pass(100 * MILLI);

        assertThat(needed()).hasSize(2);
        assertThat(needed().get(1).wanted()).containsExactly("t1", "t2", "t3");
    }

    @Test
    void anOfferCarriesSequenceRevisionAndTheTrackOfEachLine() {
        pair.put("t1");
        pair.pass(100 * MILLI);
        Map<String, String> mids = new HashMap<>();
        mids.put("2", "t1");
        mids.put("3", null);
        assertThat(pair.sender.offer("v=0", mids, pair.now)).isEqualTo(1);
        pair.exchange();

        assertThat(last(pair.fromSender))
                .contains("\"type\":\"offer\",\"seq\":1,\"revision\":1", "\"2\":\"t1\"", "\"3\":null");
        DynamicEvent.OfferReceived received =
                pair.seen(pair.receiverEvents, DynamicEvent.OfferReceived.class).get(0);
        assertThat(received.mids()).isEqualTo(mids);
    }

    @Test
    void aCommittedAnswerGivesTheTrackItsLineOnBothSides() {
        pair.negotiate("t1", "2");

        assertThat(pair.sender.track("t1").mid()).isEqualTo("2");
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks());
        assertThat(last(pair.fromSender)).contains("\"op\":\"update\",\"track\":{\"id\":\"t1\",\"mid\":\"2\"}");
    }

    @Test
    void aDeclinedTrackStaysListedAndIsOfferedAgainOnlyWhenSubscribed() {
        long seq = pair.offer("t1", "2");
        pair.receiver.answer(seq, "v=0 declined", pair.now);
        pair.exchange();
        pair.sender.committed(seq, Set.of("t1"), pair.now);
        pair.put("t2");
        pair.pass(SECOND);

        assertThat(needed().get(1).wanted()).containsExactly("t2");
        assertThat(pair.receiver.track("t1").mid()).isNull();
        pair.sender.offerNotNeeded(pair.now);

        pair.receiver.request(TrackRequest.of(TrackRequest.Op.SUBSCRIBE, "t1"));
        pair.pass(SECOND);
        assertThat(needed().get(2).wanted()).containsExactly("t1", "t2");
    }

    @Test
    void anUnsubscribedTrackIsNotWanted() {
        pair.negotiate("t1", "2");
        long id = pair.receiver.request(TrackRequest.of(TrackRequest.Op.UNSUBSCRIBE, "t1"));
        pair.pass(SECOND);

        assertThat(needed().get(1).wanted()).isEmpty();
        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.ReplyReceived.class))
                .containsExactly(new DynamicEvent.ReplyReceived(id, null, ""));
    }

    @Test
    void aRemovedTrackFreesItsLineWithTheNextOffer() {
        pair.negotiate("t1", "2");
        pair.sender.remove("t1", pair.now);
        pair.pass(100 * MILLI);

        assertThat(needed()).hasSize(2);
        assertThat(pair.receiver.tracks()).isEmpty();
    }

    @Test
    void muteIsToldWithoutAnOffer() {
        pair.negotiate("t1", "2");
        pair.sender.put(track("t1").withMuted(true), pair.now);
        pair.pass(SECOND);

        assertThat(last(pair.fromSender)).contains("\"track\":{\"id\":\"t1\",\"muted\":true}");
        assertThat(pair.receiver.track("t1").muted()).isTrue();
        assertThat(needed()).hasSize(1);
    }

    @Test
    void anUnansweredOfferIsSentAgainByteForByte() {
        pair.receiverIsDeaf = true;
        pair.offer("t1", "2");
        String first = last(pair.fromSender);
        pair.pass(5 * SECOND - 1);
        assertThat(pair.count(pair.fromSender, "\"type\":\"offer\"")).isEqualTo(1);

        pair.pass(1);

        assertThat(last(pair.fromSender)).isEqualTo(first);
    }

    @Test
    void aRepeatedOfferIsAnsweredFromMemoryAndNotApplied() {
        pair.senderIsDeaf = true;
        long seq = pair.offer("t1", "2");
        pair.receiver.answer(seq, "v=0 the answer", pair.now);
        pair.exchange();
        pair.senderIsDeaf = false;

        pair.pass(5 * SECOND);

        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.OfferReceived.class))
                .hasSize(1);
        assertThat(pair.count(pair.fromReceiver, "\"type\":\"answer\"")).isEqualTo(2);
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.AnswerReceived.class))
                .containsExactly(new DynamicEvent.AnswerReceived(seq, "v=0 the answer"));
    }

    @Test
    void anAnswerToAnotherOfferIsStaleAndIgnored() {
        long seq = pair.offer("t1", "2");
        pair.sender.handleText("{\"type\":\"answer\",\"seq\":" + (seq + 1) + ",\"sdp\":\"v=0\"}", pair.now);
        pair.exchange();

        assertThat(last(pair.fromSender)).contains("stale-seq");
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.AnswerReceived.class))
                .isEmpty();
    }

    @Test
    void aRepeatedAnswerIsAppliedOnce() {
        long seq = pair.offer("t1", "2");
        pair.receiver.answer(seq, "v=0", pair.now);
        pair.exchange();
        pair.sender.handleText(last(pair.fromReceiver), pair.now);
        pair.sender.committed(seq, Set.of(), pair.now);
        pair.sender.handleText(last(pair.fromReceiver), pair.now);
        pair.exchange();

        assertThat(pair.seen(pair.senderEvents, DynamicEvent.AnswerReceived.class))
                .hasSize(1);
        assertThat(pair.count(pair.fromSender, "stale-seq")).isZero();
    }

    @Test
    void anOfferWithoutAnswerIsTakenBackAfterFifteenSeconds() {
        long seq = pair.offer("t1", "2");
        pair.pass(15 * SECOND);

        assertThat(pair.fromSender).contains("{\"type\":\"cancel\",\"seq\":" + seq + "}");
        assertThat(last(pair.fromReceiver)).isEqualTo("{\"type\":\"cancelled\",\"seq\":" + seq + "}");
        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.OfferCancelled.class))
                .hasSize(1);
        assertThat(pair.receiver.answer(seq, "v=0 late", pair.now)).isFalse();
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.OfferRolledBack.class))
                .hasSize(1);
        pair.pass(100 * MILLI);
        assertThat(needed()).hasSize(2);
    }

    @Test
    void aLateAnswerToACancelIsTaken() {
        pair.senderIsDeaf = true;
        long seq = pair.offer("t1", "2");
        pair.receiver.answer(seq, "v=0 late", pair.now);
        pair.pass(14 * SECOND);
        pair.senderIsDeaf = false;
        pair.receiverIsDeaf = true;
        pair.pass(SECOND);
        pair.receiverIsDeaf = false;
        pair.receiver.handleText("{\"type\":\"cancel\",\"seq\":" + seq + "}", pair.now);
        pair.exchange();

        assertThat(pair.seen(pair.senderEvents, DynamicEvent.AnswerReceived.class))
                .hasSize(1);
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.OfferRolledBack.class))
                .isEmpty();
    }

    @Test
    void noMoreOffersAreMadeWhenACancelIsNotAnswered() {
        pair.receiverIsDeaf = true;
        pair.offer("t1", "2");
        pair.pass(20 * SECOND);
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.NegotiationFailed.class))
                .hasSize(1);
        assertThat(last(pair.fromSender)).contains("\"type\":\"reconnect\"");

        pair.put("t2");
        pair.pass(5 * SECOND);
        assertThat(needed()).hasSize(1);
    }

    @Test
    void aNewChannelRevivesASessionThatGaveUp() {
        pair.receiverIsDeaf = true;
        pair.offer("t1", "2");
        pair.pass(20 * SECOND);
        pair.receiverIsDeaf = false;

        pair.cut().open();
        pair.pass(SECOND);

        assertThat(needed()).hasSize(2);
        assertThat(pair.sender.offer("v=0", Map.of("2", "t1"), pair.now)).isEqualTo(2);
    }

    @Test
    void threeOffersInARowThatNobodyAnswersAreEnough() {
        pair.offer("t1", "2");
        for (int i = 0; i < 3; i++) {
            pair.pass(16 * SECOND);
            pair.sender.offer("v=0", Map.of("2", "t1"), pair.now);
        }

        assertThat(pair.seen(pair.senderEvents, DynamicEvent.NegotiationFailed.class))
                .hasSize(1);
    }

    @Test
    void aRejectedOfferIsRolledBackAndItsTracksWaitForSubscribe() {
        long seq = pair.offer("t1", "2");
        pair.receiver.reject(seq, ErrorCode.INVALID_SDP, "cannot", pair.now);
        pair.pass(SECOND);

        assertThat(pair.seen(pair.senderEvents, DynamicEvent.OfferRolledBack.class))
                .containsExactly(new DynamicEvent.OfferRolledBack(seq, ErrorCode.INVALID_SDP, "cannot"));
        assertThat(needed()).hasSize(1);
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks());
    }

    @Test
    void anAnswerThatCannotBeAppliedIsToldAndCorrected() {
        long seq = pair.offer("t1", "2");
        pair.receiver.answer(seq, "broken", pair.now);
        pair.exchange();
        pair.sender.answerRefused(seq, "no fingerprint", pair.now);
        pair.pass(SECOND);

        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.AnswerRefused.class))
                .containsExactly(new DynamicEvent.AnswerRefused(seq, "no fingerprint"));
        assertThat(pair.receiver.track("t1").mid()).isNull();
        assertThat(needed()).hasSize(2);
    }

    @Test
    void theOfferInFlightIsSentAgainOnANewChannelWithItsOldSequence() {
        pair.receiverIsDeaf = true;
        long seq = pair.offer("t1", "2");
        pair.receiverIsDeaf = false;

        pair.cut().open();

        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.OfferReceived.class)
                        .get(0)
                        .seq())
                .isEqualTo(seq);
    }

    @Test
    void anIceRestartTakesTheOfferBackAndItIsMadeAnewAfterwards() {
        pair.offer("t1", "2");
        pair.sender.iceRestartStarted(pair.now);
        pair.pass(3 * SECOND);
        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.OfferCancelled.class))
                .hasSize(1);
        assertThat(needed()).hasSize(1);

        pair.sender.iceRestartFinished(pair.now);
        pair.pass(100 * MILLI);

        assertThat(needed()).hasSize(2);
        assertThat(pair.sender.offer("v=0 new", Map.of("2", "t1"), pair.now)).isEqualTo(2);
    }

    @Test
    void aSwitchOfTheProgrammeMovesTheLineWithoutAnOffer() {
        pair.sender.put(track("main").withMid("1"), pair.now);
        pair.negotiate("guest", "2");
        long offersBefore = needed().size();

        pair.sender.assign("1", "guest", pair.now);
        pair.pass(SECOND);

        assertThat(pair.receiver.track("main").mid()).isNull();
        assertThat(pair.receiver.track("guest").mid()).isEqualTo("1");
        assertThat(needed()).hasSize((int) offersBefore);
    }

    @Test
    void anOfferTooLargeForThePeerIsNotSent() {
        ControlPair small = new ControlPair(
                DynamicOptions.server("s1", ControlRole.VIEWER).withLimits(DynamicLimits.DEFAULT.withSentBytes(2000)),
                DynamicOptions.client(ControlRole.VIEWER));
        small.open().put("t1");
        small.pass(100 * MILLI);

        assertThat(small.sender.offer("v".repeat(2000), Map.of(), small.now)).isZero();
        small.exchange();
        assertThat(small.seen(small.senderEvents, DynamicEvent.NegotiationFailed.class))
                .containsExactly(new DynamicEvent.NegotiationFailed(ErrorCode.LIMIT));
        assertThat(small.sender.isUp()).isTrue();
    }
}
