// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tributary.ice.Call.Nat;
import dev.tributary.ice.Call.Side;
import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.Seeds;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the network may be like, as data: who is where, how the line is, what happens, and how soon both sides have to hear
 * each other again. Every scenario runs with several seeds; {@code -Dtributary.seeds=1000} runs more.
 */
class IceScenarioTest {
    private static final Duration VIDEO = Duration.ofMillis(20);
    private static final Duration SILENCE = Call.SILENCE;
    private static final Duration REPORTS = Duration.ofSeconds(1);
    private static final LinkConditions GOOD = LinkConditions.GOOD;
    private static final LinkConditions LOSSY = LinkConditions.LOSSY_30;
    private static final LinkConditions FAR = LinkConditions.PERFECT.withDelay(Duration.ofMillis(200));
    private static final LinkConditions SHUFFLED = GOOD.withReordering(0.3).withDuplication(0.1);

    /** Something that happens while the call runs. */
    private enum Happening {
        NOTHING {
            @Override
            void befall(Call call) {}
        },
        LEFT_NAT_FORGETS {
            @Override
            void befall(Call call) {
                call.left.nat.forget();
            }
        },
        RIGHT_NAT_FORGETS {
            @Override
            void befall(Call call) {
                call.right.nat.forget();
            }
        },
        LEFT_MOVES {
            @Override
            void befall(Call call) {
                call.left.moveTo(new InetSocketAddress(call.left.nat == null ? "198.51.100.77" : "10.1.0.77", 7777));
            }
        },
        RIGHT_MOVES {
            @Override
            void befall(Call call) {
                call.right.moveTo(new InetSocketAddress(call.right.nat == null ? "198.51.100.88" : "10.2.0.88", 8888));
            }
        },
        BOTH_RESTART {
            @Override
            void befall(Call call) {
                call.restartBoth();
            }
        };

        abstract void befall(Call call);
    }

    /**
     * A call.
     *
     * @param connectsWithin how soon both sides hear each other's data
     * @param leftTalks how often left sends something, after both have connected
     * @param rightTalks how often right does
     * @param happening what happens after twenty seconds
     * @param backWithin how soon after it both sides hear each other again
     */
    private record Scenario(
            String name,
            Side left,
            Side right,
            LinkConditions line,
            Duration connectsWithin,
            Duration leftTalks,
            Duration rightTalks,
            Happening happening,
            Duration backWithin) {
        static Scenario of(String name, Side left, Side right, LinkConditions line, long connectsMillis) {
            return new Scenario(
                    name, left, right, line, Duration.ofMillis(connectsMillis), VIDEO, VIDEO, Happening.NOTHING, VIDEO);
        }

        Scenario then(Happening what, Duration leftTalks, Duration rightTalks, long backMillis) {
            return new Scenario(
                    name + ", " + what.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + leftTalks.toMillis()
                            + " and " + rightTalks.toMillis() + " ms between data)",
                    left,
                    right,
                    line,
                    connectsWithin,
                    leftTalks,
                    rightTalks,
                    what,
                    Duration.ofMillis(backMillis));
        }
    }

    private static List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>();
        for (Nat left : Nat.values()) {
            for (Nat right : Nat.values()) {
                if (RFC_CONNECTS.test(left, right)) {
                    all.add(Scenario.of(left + " calls " + right, Side.offers(left), Side.answers(right), GOOD, 2_500));
                }
            }
            all.add(Scenario.of(left + " calls a lite server", Side.offers(left), Side.SERVER, GOOD, 1_000));
        }
        Side home = Side.offers(Nat.PORT_RESTRICTED);
        Side phone = Side.offers(Nat.SYMMETRIC);
        Side friend = Side.answers(Nat.PORT_RESTRICTED);
        all.add(Scenario.of("home calls home on a line that loses 30 %", home, friend, LOSSY, 30_000));
        all.add(Scenario.of("phone calls a lite server on a line that loses 30 %", phone, Side.SERVER, LOSSY, 25_000));
        all.add(Scenario.of("home calls home on a line that shuffles", home, friend, SHUFFLED, 2_500));
        all.add(Scenario.of("home calls home with a round trip of 400 ms", home, friend, FAR, 5_000));
        all.add(Scenario.of("both want to control", home, Side.offers(Nat.FULL_CONE), GOOD, 4_000));
        all.add(Scenario.of(
                "nobody wants to control", Side.answers(Nat.NONE), Side.answers(Nat.PORT_RESTRICTED), GOOD, 4_000));

        Scenario toServer = Scenario.of("phone and lite server", phone, Side.SERVER, GOOD, 1_000);
        all.add(toServer.then(Happening.LEFT_NAT_FORGETS, VIDEO, VIDEO, 500));
        all.add(toServer.then(Happening.LEFT_NAT_FORGETS, REPORTS, REPORTS, 2_500));
        all.add(toServer.then(Happening.LEFT_MOVES, VIDEO, VIDEO, 500));
        all.add(toServer.then(Happening.LEFT_MOVES, SILENCE, VIDEO, 1_200));
        all.add(toServer.then(Happening.LEFT_NAT_FORGETS, SILENCE, VIDEO, 1_200));
        all.add(toServer.then(Happening.LEFT_MOVES, VIDEO, REPORTS, 1_200));
        all.add(toServer.then(Happening.BOTH_RESTART, VIDEO, VIDEO, 100));
        Scenario between = Scenario.of("home and open peer", home, Side.answers(Nat.NONE), GOOD, 2_500);
        all.add(between.then(Happening.LEFT_NAT_FORGETS, VIDEO, VIDEO, 500));
        all.add(between.then(Happening.LEFT_MOVES, VIDEO, VIDEO, 500));
        all.add(between.then(Happening.LEFT_MOVES, REPORTS, REPORTS, 2_500));
        all.add(between.then(Happening.BOTH_RESTART, VIDEO, VIDEO, 100));
        Scenario called = Scenario.of("open peer and home", Side.offers(Nat.NONE), friend, GOOD, 2_500);
        all.add(called.then(Happening.RIGHT_NAT_FORGETS, VIDEO, VIDEO, 500));
        all.add(called.then(Happening.RIGHT_MOVES, REPORTS, REPORTS, 2_500));
        Scenario lossy = Scenario.of("phone and lite server, 30 % loss", phone, Side.SERVER, LOSSY, 25_000);
        all.add(lossy.then(Happening.LEFT_NAT_FORGETS, VIDEO, VIDEO, 8_000));
        all.add(lossy.then(Happening.BOTH_RESTART, VIDEO, VIDEO, 2_000));
        Scenario far = Scenario.of("home and home, 400 ms", home, friend, FAR, 5_000);
        all.add(far.then(Happening.BOTH_RESTART, VIDEO, VIDEO, 500));
        return all;
    }

    /** RFC 8445 without relays: a symmetric NAT and a filter by ports do not meet. */
    private static final BiPredicate<Nat, Nat> RFC_CONNECTS = (left, right) ->
            !(left.isSymmetric() && right.filtersPorts() || right.isSymmetric() && left.filtersPorts());

    @TestFactory
    Stream<DynamicTest> bothSidesHearEachOtherInTime() {
        return scenarios().stream()
                .map(scenario -> dynamicTest(scenario.name(), () -> Seeds.forEach(10, seed -> play(scenario, seed))));
    }

    private static void play(Scenario scenario, long seed) {
        Call call = new Call(seed, scenario.line(), scenario.left(), scenario.right());
        call.talk(VIDEO);
        call.signal();
        hearEachOther(call, scenario.connectsWithin());
        if (scenario.happening() == Happening.NOTHING) {
            return;
        }
        call.left.talk(scenario.leftTalks());
        call.right.talk(scenario.rightTalks());
        call.network.run(Duration.ofSeconds(20));
        scenario.happening().befall(call);
        call.network.run(scenario.line().delay().multipliedBy(2)); // what is on the wire still arrives
        call.listenAnew();
        hearEachOther(call, scenario.backWithin());
        call.network.run(Duration.ofSeconds(60));
        assertThat(call.isConnected()).as(call::diagnosis).isTrue();
    }

    private static void hearEachOther(Call call, Duration limit) {
        try {
            call.network.runUntil(call::isTalking, limit);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + call.diagnosis(), e);
        }
    }

    @Test
    void withoutARelayASymmetricNatDoesNotMeetAFilterByPorts() {
        Seeds.forEach(3, seed -> {
            Call call = new Call(seed, GOOD, Side.offers(Nat.SYMMETRIC), Side.answers(Nat.PORT_RESTRICTED));
            call.signal();
            call.network.run(Duration.ofSeconds(90));

            assertThat(call.left.agent.state()).isEqualTo(IceState.FAILED);
            assertThat(call.right.agent.state()).isEqualTo(IceState.FAILED);
        });
    }
}
