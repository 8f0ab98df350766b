// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.datachannel.DtlsRole;
import dev.tributary.datachannel.SctpAnomaly;
import dev.tributary.datachannel.SctpSettings;
import dev.tributary.datachannel.SctpState;
import dev.tributary.testkit.UdpDriver;
import dev.tributary.testkit.channels.ChannelEvent;
import dev.tributary.testkit.channels.ChannelShape;
import dev.tributary.testkit.channels.EchoScenario;
import dev.tributary.testkit.channels.EchoSuite;
import dev.tributary.testkit.channels.PacketLog;
import dev.tributary.testkit.foreign.CProgram;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Pion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Association against association, over UDP without DTLS: Pion's and usrsctp's. Both ends send INIT at the same time. All
 * scenarios run in one association, without loss and with a twentieth of the datagrams lost in each direction.
 *
 * <p>{@code -Dtributary.interop=full} runs more: both parities with everything, a thousand channels under loss too.
 */
@Timeout(600)
class RawAssociationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final boolean FULL =
            System.getProperty("tributary.interop", "").equals("full");
    private static final long SEED = Long.getLong("tributary.seed", 6);

    private static final String CAPTURES = System.getProperty("tributary.captures", "");

    enum Stack {
        PION {
            @Override
            Path build() {
                return Pion.build(RawAssociationTest.class, "pion_sctp.go");
            }
        },
        USRSCTP {
            @Override
            Path build() {
                return CProgram.build(
                        RawAssociationTest.class, "usrsctp.c", "apt-get install libusrsctp-dev", "usrsctp");
            }
        };

        abstract Path build();

        /** Pion loses what opens a channel while 16 wait to be accepted, and gets it again a time-out later. */
        int channelsAtOnce() {
            return this == PION ? 10 : 100;
        }

        ForeignProgram start(int port, DtlsRole ours, List<String> options) {
            List<String> command = new ArrayList<>(
                    List.of(build().toString(), Integer.toString(port), ours == DtlsRole.CLIENT ? "1" : "0"));
            command.addAll(options);
            return ForeignProgram.start(name(), command);
        }
    }

    @ParameterizedTest
    @EnumSource
    void echoesEverythingOfEveryShape(Stack stack) {
        for (DtlsRole role : FULL ? DtlsRole.values() : new DtlsRole[] {DtlsRole.CLIENT}) {
            with(stack, role, SctpSettings.DEFAULT, 0, "shapes", suite -> {
                EchoScenario.everyShape().forEach(suite::run);
                suite.run(EchoScenario.bulk(FULL ? 32 : 4));
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void echoesEverythingOfEveryShapeUnderLossBothWays(Stack stack) {
        for (DtlsRole role : FULL ? DtlsRole.values() : new DtlsRole[] {DtlsRole.SERVER}) {
            with(
                    stack,
                    role,
                    SctpSettings.DEFAULT,
                    0.05,
                    "loss",
                    suite -> (FULL ? EchoScenario.everyShape() : EchoScenario.someShapes()).forEach(suite::run));
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensAndClosesAThousandChannels(Stack stack) {
        for (boolean byUs : new boolean[] {true, false}) {
            with(
                    stack,
                    byUs ? DtlsRole.CLIENT : DtlsRole.SERVER,
                    SctpSettings.DEFAULT,
                    FULL ? 0.05 : 0,
                    "channels",
                    suite -> suite.run(EchoScenario.manyChannels(1_000, stack.channelsAtOnce(), byUs)));
        }
    }

    @Test
    void interleavesWithUsrsctp() {
        with(Stack.USRSCTP, DtlsRole.CLIENT, SctpSettings.DEFAULT, 0, "interleaving", List.of("i-data"), suite -> {
            EchoScenario.everyShape().forEach(suite::run);
            suite.run(EchoScenario.bulk(4));
        });
        with(
                Stack.USRSCTP,
                DtlsRole.SERVER,
                SctpSettings.DEFAULT,
                0.05,
                "interleaving-loss",
                List.of("i-data"),
                suite -> EchoScenario.someShapes().forEach(suite::run));
    }

    @Test
    void endsWhenUsrsctpShutsDown() {
        assertThat(endAfter("shutdown")).contains("kind=SHUTDOWN");
    }

    @Test
    void endsWhenUsrsctpAborts() {
        assertThat(endAfter("abort")).contains("kind=ABORTED_BY_PEER");
    }

    private static String endAfter(String command) {
        try (Session session = new Session(Stack.USRSCTP, DtlsRole.CLIENT, SctpSettings.DEFAULT, command, List.of())) {
            session.end.connect(PATIENCE);
            int control = session.end.open("control", ChannelShape.RELIABLE);
            boolean unused = session.end.send(control, true, command.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 100; i++) {
                session.end.step(Duration.ofMillis(100));
                for (ChannelEvent event; (event = session.end.poll()) != null; ) {
                    if (event instanceof ChannelEvent.Ended ended) {
                        // What answers the end goes out as well.
                        session.driver.flush(session.end);
                        return ended.why();
                    }
                }
            }
            throw new AssertionError("Does not end; " + session.end.describe());
        }
    }

    @Test
    void shutsDownWithUsrsctp() {
        try (Session session =
                new Session(Stack.USRSCTP, DtlsRole.CLIENT, SctpSettings.DEFAULT, "our-shutdown", List.of())) {
            session.end.connect(PATIENCE);
            session.end.channels.shutdown(session.driver.nowNanos());
            session.driver.runUntil(
                    session.end, () -> session.end.channels.state() == SctpState.CLOSED, Duration.ofSeconds(5));

            assertThat(session.end.channels.state()).isEqualTo(SctpState.CLOSED);
            session.driver.flush(session.end);
            session.program.awaitLine("ENDED", PATIENCE);
        }
    }

    /** A program of the other stack, a socket, and our end. */
    private static final class Session implements AutoCloseable {
        final UdpDriver driver = UdpDriver.bind("127.0.0.1", SEED);
        final ForeignProgram program;
        final PacketLog log;
        final RawEnd end;

        Session(Stack stack, DtlsRole role, SctpSettings settings, String what, List<String> options) {
            program = stack.start(driver.address().getPort(), role, options);
            log = PacketLog.in(CAPTURES, stack + "-" + what + "-" + role);
            int port = Integer.parseInt(program.awaitLine("PORT", PATIENCE));
            end = new RawEnd(
                    driver,
                    new InetSocketAddress("127.0.0.1", port),
                    role,
                    settings.toBuilder().remoteMessageBytesMax(262_144).build(),
                    log::packet);
        }

        @Override
        public void close() {
            program.close();
            log.close();
            driver.close();
        }
    }

    private interface Run {
        void with(EchoSuite suite);
    }

    private static void with(Stack stack, DtlsRole role, SctpSettings settings, double loss, String what, Run run) {
        with(stack, role, settings, loss, what, List.of(), run);
    }

    private static void with(
            Stack stack,
            DtlsRole role,
            SctpSettings settings,
            double loss,
            String what,
            List<String> options,
            Run run) {
        try (Session session = new Session(stack, role, settings, what, options)) {
            RawEnd end = session.end;
            session.driver.lose(loss);
            try {
                end.connect(PATIENCE);
                run.with(new EchoSuite(end, SEED));
            } catch (AssertionError failure) {
                throw new AssertionError(
                        stack + " (seed " + SEED + ") said " + tail(session.program.lines()) + ": "
                                + failure.getMessage(),
                        failure);
            }
            assertThat(end.channels.statistics().anomalies().keySet())
                    .as("what the peer did wrong")
                    .isSubsetOf(
                            SctpAnomaly.DUPLICATE_TSN,
                            SctpAnomaly.OLD_SACK,
                            SctpAnomaly.UNEXPECTED_CHUNK,
                            // Pion has several resets under way; what it repeats may be long done.
                            SctpAnomaly.BAD_RECONFIG_NUMBER);
            end.channels.abort("Done", session.driver.nowNanos());
            session.driver.flush(end);
            assertThat(end.channels.state()).isEqualTo(SctpState.CLOSED);
        }
    }

    private static List<String> tail(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - 10), lines.size());
    }
}
