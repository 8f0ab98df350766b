// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.LinkConditions;
import dev.tributary.testkit.SimulatedNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Handshakes over a bad network, in virtual time: each is a simulation of its own, and all are computed as fast as the
 * machine can. Half of the datagrams are taken apart, so that a record can be lost alone, which is the hardest case. {@code
 * -Dtributary.handshakes=N} runs another number of them, {@code -Dtributary.seed=N} begins at another seed.
 */
@Timeout(600)
final class DtlsLossTest {
    private static final int HANDSHAKES = Integer.getInteger("tributary.handshakes", 1000);
    private static final long FIRST_SEED = Long.getLong("tributary.seed", 1);
    private static final InetSocketAddress CLIENT = address(1);
    private static final InetSocketAddress SERVER = address(2);

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 30})
    void completesEveryHandshakeInSpiteOfLossReorderingAndDuplication(int lossPercent) throws Exception {
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try (DtlsHandshakeExecutor threads = DtlsHandshakeExecutor.inStep()) {
            List<Future<Duration>> runs = new ArrayList<>();
            for (int i = 0; i < HANDSHAKES; i++) {
                long seed = FIRST_SEED + i;
                runs.add(workers.submit(() -> handshake(seed, lossPercent, threads)));
            }
            List<Duration> times = new ArrayList<>();
            for (Future<Duration> run : runs) {
                times.add(run.get());
            }
            times.sort(null);
            Duration median = times.get(times.size() / 2);
            Duration longest = times.get(times.size() - 1);

            assertThat(times).hasSize(HANDSHAKES);
            // A round trip is 100 ms and a handshake two of them; what is lost is repeated after 100 ms.
            assertThat(median).isLessThan(Duration.ofSeconds(1));
            assertThat(longest).isLessThan(Duration.ofSeconds(15));
        } catch (ExecutionException e) {
            throw new AssertionError(
                    "at " + lossPercent + " % loss: " + e.getCause().getMessage(), e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    /** One handshake, and one piece of data through each way: a lost last flight has to be repeated when it is asked for. */
    private static Duration handshake(long seed, int lossPercent, DtlsHandshakeExecutor threads) {
        SimulatedNetwork network = SimulatedNetwork.seeded(seed)
                .conditions(LinkConditions.PERFECT
                        .withDelay(Duration.ofMillis(50))
                        .withJitter(Duration.ofMillis(10))
                        .withLoss(lossPercent / 100.0)
                        .withReordering(0.2)
                        .withDuplication(0.1));
        SimulatedDtls client = new SimulatedDtls(
                DtlsPair.builder(DtlsRole.CLIENT, DtlsPair.CLIENT_CERTIFICATE, threads)
                        .remoteFingerprints(List.of(DtlsPair.SERVER_CERTIFICATE.fingerprint())),
                SERVER,
                network.newRandom());
        SimulatedDtls server = new SimulatedDtls(
                DtlsPair.builder(DtlsRole.SERVER, DtlsPair.SERVER_CERTIFICATE, threads)
                        .remoteFingerprints(List.of(DtlsPair.CLIENT_CERTIFICATE.fingerprint())),
                CLIENT,
                network.newRandom());
        network.attach(CLIENT, client, () -> client.collect(network.nowNanos()));
        network.attach(SERVER, server, () -> server.collect(network.nowNanos()));
        client.transport.start(network.nowNanos());

        network.runUntil(() -> client.isConnected() && server.isConnected(), Duration.ofSeconds(15));
        Duration time = Duration.ofNanos(Math.max(client.connectedAtNanos, server.connectedAtNanos));
        network.runUntil(() -> client.hasHeard() && server.hasHeard(), Duration.ofSeconds(15));
        client.transport.close();
        server.transport.close();
        return time;
    }

    private static InetSocketAddress address(int host) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) host}), 5000);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
