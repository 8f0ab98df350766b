// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.SctpSettings;
import dev.tributary.examples.browser.Chromium;
import dev.tributary.examples.browser.Firefox;
import dev.tributary.testkit.channels.ChannelEvent;
import dev.tributary.testkit.channels.ChannelShape;
import dev.tributary.testkit.channels.EchoScenario;
import dev.tributary.testkit.channels.EchoSuite;
import dev.tributary.testkit.channels.PacketLog;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import dev.tributary.testkit.foreign.Pion;
import dev.tributary.testkit.foreign.Python;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Data channels of the whole stack (ICE, DTLS, SCTP, DCEP) with sessions that nobody here wrote, in both DTLS roles: one
 * table of scenarios, echoed byte for byte, without loss and with a twentieth of all datagrams lost in each direction.
 *
 * <p>{@code -Dtributary.interop=full} runs everything with everything, and a thousand channels opened by either end.
 */
@Timeout(900)
class DataChannelInteropTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final boolean FULL =
            System.getProperty("tributary.interop", "").equals("full");
    private static final long SEED = Long.getLong("tributary.seed", 8);

    private static final String CAPTURES = System.getProperty("tributary.captures", "");

    enum Stack {
        /** Its session reads into 65,535 bytes; RawAssociationTest has larger ones. */
        PION(0, 65_535) {
            @Override
            FarEnd start() {
                return new FarEnd.Program(ForeignProgram.start(
                        "Pion",
                        List.of(Pion.build(DataChannelInteropTest.class, "pion_channels.go")
                                .toString())));
            }
        },
        LIBWEBRTC(0, 262_144) {
            @Override
            FarEnd start() {
                return new LibwebrtcFar();
            }
        },
        /** Of a thousand channels that we open, it leaves one or two "connecting" for its page for ever, and delivers messages. */
        CHROMIUM(0, 262_144) {
            @Override
            boolean isItsOwnFault(String said) {
                return said.contains(" connecting");
            }

            @Override
            FarEnd start() {
                Installed.assume(
                        Chromium.isInstalled(), "chromium and chromedriver", "apt-get install chromium-driver");
                return BrowserFar.in(Chromium.start());
            }
        },
        FIREFOX(0, 262_144) {
            @Override
            FarEnd start() {
                Installed.assume(Firefox.isInstalled(), "firefox-esr", "apt-get install firefox-esr");
                return BrowserFar.in(Firefox.start());
            }
        },
        /**
         * It takes its identifiers by its ICE role, so that it is right only when the offerer waits; and repeats neither a FORWARD
         * TSN nor a RE-CONFIG that got lost, so that channels may never close.
         */
        AIORTC(0, 262_144) {
            @Override
            boolean runs(Role role) {
                return role != Role.THEY_OFFER_AND_CONNECT;
            }

            @Override
            boolean survives(EchoScenario scenario) {
                return scenario.shape().isReliable();
            }

            @Override
            boolean closesUnderLoss() {
                return false;
            }

            @Override
            FarEnd start() {
                Installed.pythonModule("aiortc", "apt-get install python3-aiortc");
                return new FarEnd.Program(Python.start(DataChannelInteropTest.class, "aiortc_channels.py", Map.of()));
            }
        },
        /**
         * It takes its identifiers by its ICE role too, sends nothing for an empty message, and announces its unordered channels
         * of limited reliability as ordered. It uses the stream of a channel that closes anew before its reset is answered, and
         * goes on counting, against RFC 6525 §5.1.2: when the answer gets lost, the new channel's OPEN has a number that is not
         * due, and so never opens.
         */
        WERIFT(1, 262_144) {
            @Override
            boolean runs(Role role) {
                return role != Role.THEY_OFFER_AND_CONNECT;
            }

            @Override
            boolean canOpen(EchoScenario scenario) {
                return scenario.shape().ordered() || scenario.shape().isReliable();
            }

            @Override
            boolean closesUnderLoss() {
                return false;
            }

            @Override
            FarEnd start() {
                return new FarEnd.Program(Werift.start("werift_channels.js"));
            }
        };

        final int smallest;
        final int largest;

        Stack(int smallest, int largest) {
            this.smallest = smallest;
            this.largest = largest;
        }

        abstract FarEnd start();

        /** Whether a failure is a known one of this stack, and worth a second try. */
        boolean isItsOwnFault(String said) {
            return false;
        }

        boolean runs(Role role) {
            return true;
        }

        /** Whether it says what it opens. */
        boolean canOpen(EchoScenario scenario) {
            return true;
        }

        /** Whether it gets over what is lost. */
        boolean survives(EchoScenario scenario) {
            return true;
        }

        boolean closesUnderLoss() {
            return true;
        }

        List<EchoScenario> of(List<EchoScenario> scenarios, double loss) {
            return scenarios.stream()
                    .filter(scenario -> scenario.isOpenedByUs() || canOpen(scenario))
                    .filter(scenario -> loss == 0 || survives(scenario))
                    .toList();
        }
    }

    /** Who offers, and who is what in DTLS. */
    enum Role {
        WE_OFFER,
        THEY_OFFER_AND_CONNECT,
        THEY_OFFER_AND_WAIT
    }

    @ParameterizedTest
    @EnumSource
    void echoesEverythingOfEveryShape(Stack stack) {
        for (Role role : FULL ? Role.values() : new Role[] {Role.WE_OFFER}) {
            with(stack, role, 0, suite -> stack.of(EchoScenario.everyShape(), 0).forEach(suite::run));
        }
    }

    @ParameterizedTest
    @EnumSource
    void echoesEverythingOfEveryShapeUnderLossBothWays(Stack stack) {
        for (Role role : FULL ? Role.values() : new Role[] {Role.THEY_OFFER_AND_WAIT}) {
            with(
                    stack,
                    role,
                    0.05,
                    suite -> stack.of(FULL ? EchoScenario.everyShape() : EchoScenario.someShapes(), 0.05)
                            .forEach(suite::run));
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensAndClosesManyChannels(Stack stack) {
        Role role = stack.runs(Role.THEY_OFFER_AND_CONNECT) ? Role.THEY_OFFER_AND_CONNECT : Role.THEY_OFFER_AND_WAIT;
        for (boolean byUs : FULL ? new boolean[] {true, false} : new boolean[] {true}) {
            with(stack, role, 0, suite -> suite.run(EchoScenario.manyChannels(FULL ? 1_000 : 200, 10, byUs)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensAndClosesManyChannelsUnderLossBothWays(Stack stack) {
        if (stack.closesUnderLoss()) {
            EchoScenario many = EchoScenario.manyChannels(FULL ? 1_000 : 40, 20, true);
            with(stack, Role.WE_OFFER, 0.05, suite -> suite.run(many));
        }
    }

    @Test
    void hearsThatLibwebrtcLeft() {
        try (FarEnd far = new LibwebrtcFar();
                PacketLog log = PacketLog.in(CAPTURES, Stack.LIBWEBRTC + "-leaves");
                PeerEnd near = new PeerEnd(
                        SEED, SctpSettings.builder().observer(log::packet).build())) {
            near.call(far, PATIENCE);
            int channel = near.open("control", ChannelShape.RELIABLE);
            assertThat(near.awaitEvent(ChannelEvent.Opened.class, PATIENCE).channel())
                    .isEqualTo(channel);

            far.close();

            assertThat(near.awaitEvent(ChannelEvent.Closed.class, PATIENCE).channel())
                    .isEqualTo(channel);
        }
    }

    private interface Run {
        void with(EchoSuite suite);
    }

    private static void with(Stack stack, Role role, double loss, Run run) {
        if (!stack.runs(role)) {
            return;
        }
        try {
            once(stack, role, loss, run);
        } catch (AssertionError failure) {
            if (!stack.isItsOwnFault(failure.getMessage())) {
                throw failure;
            }
            once(stack, role, loss, run);
        }
    }

    private static void once(Stack stack, Role role, double loss, Run run) {
        try (FarEnd far = stack.start();
                PacketLog log = PacketLog.in(CAPTURES, stack + "-" + role + "-" + loss);
                PeerEnd near = new PeerEnd(
                        SEED, SctpSettings.builder().observer(log::packet).build())) {
            try {
                near.lose(loss);
                switch (role) {
                    case WE_OFFER -> near.call(far, PATIENCE);
                    case THEY_OFFER_AND_CONNECT -> near.answer(far, false, PATIENCE);
                    case THEY_OFFER_AND_WAIT -> near.answer(far, true, PATIENCE);
                }
                EchoSuite suite = new EchoSuite(near, SEED).onlySizes(stack.smallest, stack.largest);
                run.with(loss == 0 || stack.closesUnderLoss() ? suite : suite.withoutClosing());
            } catch (AssertionError failure) {
                throw new AssertionError(
                        stack + " " + role + " (seed " + SEED + ") said " + far.says() + ": " + failure.getMessage(),
                        failure);
            }
        }
    }
}
