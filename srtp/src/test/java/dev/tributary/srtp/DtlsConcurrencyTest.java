// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * A thousand clients that connect at the same moment. The server's loop is the thread of the test. Each client is started
 * before any is answered, so that all handshakes are under way at once.
 */
@Timeout(120)
final class DtlsConcurrencyTest {
    private static final int CLIENTS = 1000;
    private static final int PLATFORM_THREADS_MAX = 64;

    private final Semaphore wakeups = new Semaphore(0);
    private final List<DtlsPair.End> clients = new ArrayList<>();
    private final List<DtlsPair.End> servers = new ArrayList<>();
    private final long nowNanos = 1;

    @Test
    void servesAThousandAtOnceOnAPoolOfPlatformThreads() {
        ExecutorService clientThreads = Executors.newCachedThreadPool();
        try (DtlsHandshakeExecutor threads =
                DtlsHandshakeExecutor.onPlatformThreads(PLATFORM_THREADS_MAX, PLATFORM_THREADS_MAX)) {
            Set<Long> used = ConcurrentHashMap.newKeySet();

            connectAll(
                    clientThreads,
                    task -> threads.execute(() -> {
                        used.add(Thread.currentThread().getId());
                        task.run();
                    }));

            assertThat(used).hasSizeBetween(1, PLATFORM_THREADS_MAX);
        } finally {
            clientThreads.shutdownNow();
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void needsHardlyAThreadForBothEndsWhereThreadsAreVirtual() {
        ThreadMXBean threadCounts = ManagementFactory.getThreadMXBean();
        try (DtlsHandshakeExecutor clientThreads = DtlsHandshakeExecutor.create();
                DtlsHandshakeExecutor serverThreads = DtlsHandshakeExecutor.create()) {
            int before = threadCounts.getThreadCount();
            threadCounts.resetPeakThreadCount();

            connectAll(clientThreads, serverThreads);

            assertThat(threadCounts.getPeakThreadCount() - before).isLessThanOrEqualTo(PLATFORM_THREADS_MAX);
        }
    }

    private void connectAll(Executor clientThreads, Executor serverThreads) {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(end(DtlsRole.CLIENT, DtlsPair.CLIENT_CERTIFICATE, DtlsPair.SERVER_CERTIFICATE, clientThreads));
            servers.add(end(DtlsRole.SERVER, DtlsPair.SERVER_CERTIFICATE, DtlsPair.CLIENT_CERTIFICATE, serverThreads));
        }
        clients.forEach(client -> client.transport.start(nowNanos));
        List<List<byte[]>> hellos = new ArrayList<>();
        for (DtlsPair.End client : clients) {
            hellos.add(firstFlight(client));
        }
        for (int i = 0; i < CLIENTS; i++) {
            hellos.get(i).forEach(servers.get(i)::take);
        }
        assertThat(clients).allMatch(client -> client.transport.state() == DtlsState.HANDSHAKING);
        while (!clients.stream().allMatch(DtlsPair.End::isConnected)
                || !servers.stream().allMatch(DtlsPair.End::isConnected)) {
            await();
            for (int i = 0; i < CLIENTS; i++) {
                carry(clients.get(i), servers.get(i));
            }
        }
        clients.forEach(client -> client.transport.close());
        servers.forEach(server -> server.transport.close());
    }

    private List<byte[]> firstFlight(DtlsPair.End client) {
        List<byte[]> sent = client.sent();
        while (sent.isEmpty()) {
            await();
            sent = client.sent();
        }
        return sent;
    }

    private void carry(DtlsPair.End client, DtlsPair.End server) {
        client.sent().forEach(server::take);
        server.sent().forEach(client::take);
        client.drain();
        server.drain();
        // Not the clock: a refusal asks for another try later, and later is when a thread may be free.
        if (server.transport.state() == DtlsState.NEW) {
            server.transport.handleTimeout(server.transport.nextTimeoutNanos());
        }
        assertThat(client.closeReason()).isNull();
        assertThat(server.closeReason()).isNull();
    }

    private DtlsPair.End end(DtlsRole role, DtlsCertificate own, DtlsCertificate peer, Executor executor) {
        return new DtlsPair.End(
                DtlsPair.builder(role, own, executor, wakeups::release)
                        .remoteFingerprints(List.of(peer.fingerprint()))
                        .build(),
                () -> nowNanos);
    }

    private void await() {
        try {
            assertThat(wakeups.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            wakeups.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
