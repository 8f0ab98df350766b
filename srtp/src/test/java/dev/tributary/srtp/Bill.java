// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * What an attack cost: the loop's thread, which is the test's, and the threads of handshakes.
 *
 * @param datagrams how many there were
 * @param answers how many datagrams went out
 * @param cpuNanos processor time
 * @param allocatedBytes what was allocated, garbage and all
 * @param retainedBytes what is still held afterwards
 */
record Bill(int datagrams, int answers, long cpuNanos, long allocatedBytes, long retainedBytes) {
    /** What a peer can make a handshake hold: 64 datagrams of 2 KiB, 64 KiB of messages, and their bookkeeping. */
    private static final long RETAINED_BYTES_MAX = 512 * 1024;

    private static final long CPU_NANOS_MAX = 20_000;
    private static final long ALLOCATED_BYTES_MAX = 1_024;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Measures an attack, which returns the number of answers. */
    static Bill of(int datagrams, IntSupplier attack) {
        long heldBefore = held();
        long[] before = spent();
        int answers = attack.getAsInt();
        long[] after = spent();
        return new Bill(datagrams, answers, after[0] - before[0], after[1] - before[1], held() - heldBefore);
    }

    void requireLittle() {
        assertThat(retainedBytes).as("retained").isLessThan(RETAINED_BYTES_MAX);
        assertThat(cpuNanos / datagrams).as("CPU for a datagram").isLessThan(CPU_NANOS_MAX);
        assertThat(allocatedBytes / datagrams).as("allocated for a datagram").isLessThan(ALLOCATED_BYTES_MAX);
    }

    private static long[] spent() {
        long[] sum = new long[2];
        for (long id : THREADS.getAllThreadIds()) {
            var thread = THREADS.getThreadInfo(id);
            boolean isLoop = id == Thread.currentThread().getId();
            if (isLoop || thread != null && thread.getThreadName().startsWith("tributary-dtls-")) {
                sum[0] += Math.max(0, THREADS.getThreadCpuTime(id));
                sum[1] += Math.max(0, THREADS.getThreadAllocatedBytes(id));
            }
        }
        return sum;
    }

    /** The heap that is left when the collector has run, which it may have to do more than once. */
    private static long held() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d datagrams: %.2f us and %,d bytes allocated each, %,d bytes retained in all, %,d answers",
                datagrams,
                cpuNanos / 1e3 / datagrams,
                allocatedBytes / datagrams,
                Math.max(0, retainedBytes),
                answers);
    }
}
