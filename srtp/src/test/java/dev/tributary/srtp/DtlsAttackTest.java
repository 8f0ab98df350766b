// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What attacks cost a server, in processor time and memory: 100,000 datagrams each, during a handshake and on a connection.
 * The bounds are far above what an idle machine needs, and far below what the attacks cost Bouncy Castle alone, where 64
 * datagrams of 26 bytes hold 1.1 GB. The figures are published with the test.
 */
@Timeout(120)
final class DtlsAttackTest {
    private static final int DATAGRAMS = 100_000;
    private static final int KINDS = 4_000;
    private static final int CERTIFICATE = 11;
    private static final long SEED = Long.getLong("tributary.seed", 17);

    /** A flood, as datagrams that take turns. */
    private enum Attack {
        PARTIAL_FRAGMENTS {
            @Override
            byte[] datagram(int number, byte[] hello) {
                return DtlsRecords.fragment(CERTIFICATE, 1 + number % 2, 32_000, 2 * number, 1);
            }
        },
        OVERSIZED_MESSAGES {
            @Override
            byte[] datagram(int number, byte[] hello) {
                return DtlsRecords.fragment(CERTIFICATE, number % 16, 0xFFFFFF - number, 0, 1);
            }
        },
        RANGES_THAT_CONTRADICT {
            @Override
            byte[] datagram(int number, byte[] hello) {
                return DtlsRecords.fragment(CERTIFICATE, number % 16, number % 50, number % 77, number % 20);
            }
        },
        CLIENT_HELLOS {
            @Override
            byte[] datagram(int number, byte[] hello) {
                byte[] copy = hello.clone();
                ByteBuffer.wrap(copy).putInt(7, number);
                return copy;
            }
        },
        EPOCHS_THAT_DO_NOT_EXIST {
            @Override
            byte[] datagram(int number, byte[] hello) {
                byte[] copy = new byte[200];
                ByteBuffer.wrap(copy).put((byte) (20 + number % 5)).putShort((short) 0xFEFD);
                ByteBuffer.wrap(copy).putShort(3, (short) (2 + number)).putShort(11, (short) 187);
                return copy;
            }
        },
        WARNINGS_IN_THE_CLEAR {
            @Override
            byte[] datagram(int number, byte[] hello) {
                byte[] copy = {21, -2, -3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 90};
                ByteBuffer.wrap(copy).putInt(7, number);
                return copy;
            }
        },
        RANDOM_BYTES {
            @Override
            byte[] datagram(int number, byte[] hello) {
                byte[] bytes = new byte[1 + number % 1_400];
                new Random(SEED + number).nextBytes(bytes);
                bytes[0] = (byte) (20 + number % 44);
                return bytes;
            }
        };

        abstract byte[] datagram(int number, byte[] hello);

        byte[][] flood(byte[] hello) {
            byte[][] datagrams = new byte[KINDS][];
            for (int i = 0; i < KINDS; i++) {
                datagrams[i] = datagram(i, hello);
            }
            return datagrams;
        }
    }

    @ParameterizedTest
    @EnumSource(Attack.class)
    void costLittleWhileAHandshakeWaits(Attack attack, TestReporter reporter) {
        try (DtlsPair pair = new DtlsPair()) {
            pair.client.transport.start(pair.nowNanos);
            byte[] hello = pair.client.sent().get(0);
            pair.server.take(hello);
            assertThat(pair.server.sent()).hasSize(1);

            Bill bill = flood(pair.server, attack.flood(hello));

            reporter.publishEntry(attack + " during the handshake", bill.toString());
            bill.requireLittle();
            assertThat(pair.server.transport.state()).isEqualTo(DtlsState.HANDSHAKING);
        }
    }

    @ParameterizedTest
    @EnumSource(Attack.class)
    void costLittleOnAConnectionWhichStands(Attack attack, TestReporter reporter) {
        try (DtlsPair pair = new DtlsPair()) {
            List<byte[]> hellos = new ArrayList<>();
            pair.toServer = sent -> {
                hellos.addAll(sent);
                return sent;
            };
            pair.connect();

            Bill bill = flood(pair.server, attack.flood(hellos.get(0)));

            reporter.publishEntry(attack + " on a connection", bill.toString());
            bill.requireLittle();
            pair.client.send(new byte[] {1});
            pair.step();
            assertThat(pair.server.records).containsExactly(new byte[] {1});
        }
    }

    /** Each copy of the client's last flight could be a lost answer; after a bounded number it is taken for an attack. */
    @Test
    void answerABoundedNumberOfReplayedFlights(TestReporter reporter) {
        try (DtlsPair pair = new DtlsPair()) {
            List<byte[]> flights = new ArrayList<>();
            pair.toServer = sent -> {
                flights.addAll(sent);
                return sent;
            };
            pair.connect();
            byte[][] last = {flights.get(flights.size() - 1)};

            Bill bill = flood(pair.server, last);

            reporter.publishEntry("replayed flights", bill.toString());
            bill.requireLittle();
            assertThat(bill.answers()).isPositive().isLessThanOrEqualTo(DtlsLimits.DEFAULT.handshakeRecords());
        }
    }

    /** Peers whose handshakes find no thread wait in a few kilobytes each, and not longer than a handshake may take. */
    @Test
    void keepLittleOfPeersThatFindNoThread(TestReporter reporter) {
        int peers = 5_000;
        try (DtlsPair pair = new DtlsPair();
                DtlsHandshakeExecutor few = DtlsHandshakeExecutor.onPlatformThreads(4, 4)) {
            pair.client.transport.start(pair.nowNanos);
            byte[] hello = pair.client.sent().get(0);
            List<DtlsPair.End> servers = new ArrayList<>();
            Bill bill = Bill.of(peers, () -> {
                for (int i = 0; i < peers; i++) {
                    DtlsPair.End server = pair.end(DtlsPair.builder(DtlsRole.SERVER, DtlsPair.SERVER_CERTIFICATE, few)
                            .remoteFingerprints(List.of(DtlsPair.CLIENT_CERTIFICATE.fingerprint())));
                    server.take(hello);
                    servers.add(server);
                }
                return 0;
            });
            reporter.publishEntry("a hello of each of 5,000 peers", bill.toString());
            assertThat(bill.retainedBytes() / peers).isLessThan(8 * 1024);
            assertThat(bill.cpuNanos() / peers).isLessThan(1_000_000);
            assertThat(servers)
                    .filteredOn(server -> server.transport.state() == DtlsState.HANDSHAKING)
                    .hasSizeLessThanOrEqualTo(8);

            pair.nowNanos += 15_000_000_000L;
            servers.forEach(DtlsPair.End::fireTimeout);
            servers.forEach(DtlsPair.End::drain);
            assertThat(servers).allMatch(server -> server.closeReason() == DtlsCloseReason.HANDSHAKE_TIMEOUT);
        }
    }

    private static Bill flood(DtlsPair.End victim, byte[][] datagrams) {
        return Bill.of(DATAGRAMS, () -> {
            int answers = 0;
            for (int i = 0; i < DATAGRAMS; i++) {
                victim.take(datagrams[i % datagrams.length]);
                answers += victim.sent().size();
            }
            victim.drain();
            return answers;
        });
    }
}
