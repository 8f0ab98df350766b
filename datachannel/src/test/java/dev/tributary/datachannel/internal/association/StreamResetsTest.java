// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.internal.wire.ReconfigParameter.OutgoingReset;
import dev.tributary.datachannel.internal.wire.ReconfigParameter.Response;
import dev.tributary.datachannel.internal.wire.ReconfigParameter.Result;
import dev.tributary.datachannel.internal.wire.Serial;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests of peers that keep to RFC 6525, and of some that have several under way at once. */
class StreamResetsTest {
    private static final int FIRST = 0xFFFF_FFFE;
    private static final long ARRIVED = Serial.first(1_000);

    private final StreamResets resets = new StreamResets(1, FIRST);

    @Test
    void keepsARequestThatOvertookAnotherUntilItsTurn() {
        assertThat(resets.keepAhead(request(FIRST + 1, 1_000, 6))).isTrue();
        assertThat(resets.takeAhead()).isNull();

        assertThat(resets.accept(request(FIRST, 1_000, 4), ARRIVED)).isTrue();
        OutgoingReset next = resets.takeAhead();
        assertThat(next).isEqualTo(request(FIRST + 1, 1_000, 6));
        assertThat(resets.accept(next, ARRIVED)).isTrue();
        assertThat(resets.takeAhead()).isNull();
        assertThat(resets.lastResponse().requestNumber()).isEqualTo(FIRST + 1);
    }

    @Test
    void keepsSoManyAheadAndNoMore() {
        int next = FIRST + 1;
        assertThat(resets.keepAhead(request(next - 1, 1_000, 4))).isFalse();
        assertThat(resets.keepAhead(request(next + StreamResets.PEER_REQUESTS_MAX - 1, 1_000, 4)))
                .isTrue();
        assertThat(resets.keepAhead(request(next + StreamResets.PEER_REQUESTS_MAX, 1_000, 4)))
                .isFalse();
        assertThat(resets.answerFromMemory(next + StreamResets.PEER_REQUESTS_MAX)
                        .result())
                .isEqualTo(Result.BAD_SEQUENCE_NUMBER);
    }

    @Test
    void performsEveryRequestThatWaitedForItsData() {
        for (int i = 0; i < 3; i++) {
            assertThat(resets.accept(request(FIRST + i, 1_001 + i, 2 * i), ARRIVED))
                    .isFalse();
            assertThat(resets.lastResponse().result()).isEqualTo(Result.IN_PROGRESS);
        }
        assertThat(resets.answerFromMemory(FIRST).result()).isEqualTo(Result.IN_PROGRESS);

        assertThat(resets.takeWaiting(ARRIVED)).isNull();
        assertThat(resets.takeWaiting(ARRIVED + 2).streams()).containsExactly(0);
        assertThat(resets.takeWaiting(ARRIVED + 2).streams()).containsExactly(2);
        assertThat(resets.takeWaiting(ARRIVED + 2)).isNull();
        assertThat(resets.takeWaiting(ARRIVED + 3).streams()).containsExactly(4);
        assertThat(resets.answerFromMemory(FIRST + 2).result()).isEqualTo(Result.PERFORMED);
    }

    @Test
    void performsOnceWhatIsAskedForUnderTwoNumbers() {
        assertThat(resets.accept(request(FIRST, 1_001, 4), ARRIVED)).isFalse();
        assertThat(resets.accept(request(FIRST + 1, 1_001, 4), ARRIVED)).isFalse();

        assertThat(resets.takeWaiting(ARRIVED + 1)).isNotNull();
        assertThat(resets.takeWaiting(ARRIVED + 1)).isNull();
        assertThat(resets.accept(request(FIRST + 2, 1_001, 4), ARRIVED + 1)).isFalse();
        assertThat(resets.lastResponse().result()).isEqualTo(Result.PERFORMED);
    }

    @Test
    void asksUnderANewNumberOnlyWhenThePeerDoesNotSayUnaskedThatItIsDone() {
        resets.begin(List.of(4), ARRIVED);
        byte[] first = resets.repeat();
        assertThat(resets.repeat()).isEqualTo(first);

        assertThat(resets.handle(new Response(1, Result.IN_PROGRESS))).isNull();
        assertThat(resets.handle(new Response(1, Result.PERFORMED)).requestNumber())
                .isEqualTo(1);
        resets.begin(List.of(6), ARRIVED);
        assertThat(resets.handle(new Response(2, Result.IN_PROGRESS))).isNull();
        assertThat(resets.repeat()).isNotNull();

        assertThat(resets.handle(new Response(2, Result.PERFORMED))).isNull();
        assertThat(resets.handle(new Response(3, Result.PERFORMED)).streams()).containsExactly(6);
        assertThat(resets.isUnderWay()).isFalse();
    }

    @Test
    void refusesMoreWaitingRequestsThanItsLimit() {
        for (int i = 0; i <= StreamResets.PEER_REQUESTS_MAX; i++) {
            assertThat(resets.lastResponse().result()).isNotEqualTo(Result.DENIED);
            assertThat(resets.accept(request(FIRST + i, 2_000 + i, 4), ARRIVED)).isFalse();
        }
        assertThat(resets.lastResponse().result()).isEqualTo(Result.DENIED);
    }

    private static OutgoingReset request(int number, int lastTsn, int stream) {
        return new OutgoingReset(number, 0, lastTsn, List.of(stream));
    }
}
