// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static dev.tributary.whipwhep.ControlPair.SECOND;
import static dev.tributary.whipwhep.ControlPair.last;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GreetingTest {
    private static final String HELLO = "{\"type\":\"hello\",\"version\":1,\"role\":\"viewer\"}";

    @Test
    void clientGreetsFirstAndGetsTheSnapshot() {
        ControlPair pair = ControlPair.whep(Permission.PLAY, Permission.HOST);
        pair.put("t1");
        pair.open();

        assertThat(pair.fromReceiver).containsExactly(HELLO);
        assertThat(pair.fromSender).hasSize(1);
        assertThat(pair.fromSender.get(0))
                .startsWith("{\"type\":\"welcome\",\"version\":1,\"session\":\"s1\",\"revision\":1,"
                        + "\"permissions\":[\"play\",\"host\"],\"tracks\":[{\"id\":\"t1\",\"mid\":null,");
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks());
        DynamicEvent.Up up =
                pair.seen(pair.receiverEvents, DynamicEvent.Up.class).get(0);
        assertThat(up.permissions()).containsExactlyInAnyOrder(Permission.PLAY, Permission.HOST);
        assertThat(up.isResumed()).isFalse();
    }

    @Test
    void serverClosesAChannelWithoutHelloAfterTenSeconds() {
        DynamicSender server = DynamicSender.of(DynamicOptions.server("s1", ControlRole.VIEWER));
        server.opened(0);
        server.handleTimeout(10 * SECOND - 1);
        assertThat(server.pollEvent()).isNull();

        server.handleTimeout(10 * SECOND);

        assertThat(server.pollMessage()).contains("\"code\":\"hello-timeout\"", "\"fatal\":true");
        assertThat(server.pollEvent()).isInstanceOf(DynamicEvent.CloseChannel.class);
    }

    private static String answerOfServerTo(String hello) {
        DynamicSender server = DynamicSender.of(
                DynamicOptions.server("s1", ControlRole.VIEWER).withInstance("https://a.example", List.of()));
        server.opened(0);
        server.handleText(hello, 0);
        String answer = server.pollMessage();
        boolean isClosed = server.pollEvent() instanceof DynamicEvent.CloseChannel;
        assertThat(isClosed).isEqualTo(answer.contains("\"fatal\":true"));
        return answer;
    }

    @Test
    void serverRefusesAnotherVersionAnotherRoleAndAnotherFirstMessage() {
        assertThat(answerOfServerTo(HELLO)).contains("welcome");
        assertThat(answerOfServerTo(HELLO.replace("1", "2"))).contains("unsupported-version");
        assertThat(answerOfServerTo(HELLO.replace("viewer", "publisher"))).contains("role-conflict");
        assertThat(answerOfServerTo("{\"type\":\"request\",\"id\":1,\"op\":\"resync\"}"))
                .contains("bad-message");
    }

    @Test
    void serverRefusesAStreamThatPassedItAndOneOfTooManyHops() {
        String via = HELLO.replace("}", ",\"via\":[%s]}");

        assertThat(answerOfServerTo(via.formatted("\"b\",\"c\",\"d\",\"e\""))).contains("welcome");
        assertThat(answerOfServerTo(via.formatted("\"b\",\"c\",\"d\",\"e\",\"f\"")))
                .contains("\"limit\"");
        assertThat(answerOfServerTo(via.formatted("\"b\",\"https://a.example\"")))
                .contains("\"loop\"");
    }

    @Test
    void clientLeavesAServerWhoseStreamPassedItself() {
        DynamicReceiver client = DynamicReceiver.of(
                DynamicOptions.client(ControlRole.PIPE).withInstance("https://b.example", List.of()));
        client.opened(0);
        assertThat(client.pollMessage()).contains("\"via\":[\"https://b.example\"]");

        client.handleText(
                "{\"type\":\"welcome\",\"version\":1,\"session\":\"s\",\"revision\":0,\"permissions\":[],"
                        + "\"via\":[\"https://b.example\",\"https://a.example\"],\"tracks\":[]}",
                0);

        assertThat(client.pollMessage()).contains("\"loop\"");
        assertThat(client.pollEvent()).isInstanceOf(DynamicEvent.CloseChannel.class);
    }

    @Test
    void clientResumesOnANewChannel() {
        ControlPair pair = ControlPair.whep().open();
        pair.put("t1");
        pair.cut();
        pair.put("t2");

        pair.open();

        assertThat(last(pair.fromReceiver)).contains("\"resume\":{\"session\":\"s1\",\"revision\":1}");
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.Up.class).get(1).isResumed())
                .isTrue();
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks()).hasSize(2);
    }

    @Test
    void aSecondChannelReplacesTheFirst() {
        ControlPair pair = ControlPair.whep().open();
        pair.put("t1");

        pair.open();

        assertThat(pair.sender.isUp()).isTrue();
        assertThat(pair.receiver.isUp()).isTrue();
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.CloseChannel.class))
                .isEmpty();
    }

    @Test
    void publisherSendsItsListAfterTheWelcome() {
        ControlPair pair = ControlPair.whip(Permission.PUBLISH);
        pair.put("own1");
        pair.open();

        assertThat(pair.fromSender.get(0)).contains("\"type\":\"hello\"", "\"role\":\"publisher\"");
        assertThat(pair.fromSender.get(1)).contains("\"type\":\"tracks\"");
        assertThat(pair.receiver.tracks()).isEqualTo(pair.sender.tracks());
    }

    @Test
    void bothEndsPingEveryFifteenSecondsAndAnswer() {
        ControlPair pair = ControlPair.whep().open();

        pair.pass(15 * SECOND);

        assertThat(pair.count(pair.fromSender, "\"ping\"")).isEqualTo(1);
        assertThat(pair.count(pair.fromSender, "\"pong\"")).isEqualTo(1);
        assertThat(pair.count(pair.fromReceiver, "\"pong\"")).isEqualTo(1);
        pair.pass(600 * SECOND);
        assertThat(pair.sender.isUp()).isTrue();
    }

    @Test
    void threeUnansweredPingsCloseTheChannel() {
        ControlPair pair = ControlPair.whep().open();
        pair.senderIsDeaf = true;

        pair.pass(60 * SECOND - 1);
        assertThat(pair.sender.isUp()).isTrue();
        pair.pass(1);

        assertThat(pair.sender.isUp()).isFalse();
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.CloseChannel.class))
                .hasSize(1);
    }

    @Test
    void byeEndsTheConversationOnBothSides() {
        ControlPair pair = ControlPair.whep().open();

        pair.sender.bye("ended", "the host left");
        pair.exchange();

        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.ByeReceived.class))
                .containsExactly(new DynamicEvent.ByeReceived("ended", "the host left"));
        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.CloseChannel.class))
                .hasSize(1);
        assertThat(pair.seen(pair.senderEvents, DynamicEvent.CloseChannel.class))
                .hasSize(1);
    }

    @Test
    void serverAdvisesToReconnect() {
        ControlPair pair = ControlPair.whep().open();

        pair.sender.reconnect("https://b.example/live/room/whep", 2);
        pair.exchange();

        assertThat(pair.seen(pair.receiverEvents, DynamicEvent.ReconnectAdvised.class))
                .containsExactly(new DynamicEvent.ReconnectAdvised("https://b.example/live/room/whep", 2000));
    }
}
