// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * {@link DataChannelBenchmark} as a program like those of other languages: it prints what a message costs in CPU time of the
 * whole process, the collector and the compiler with it, so that other work on the machine is not in the figure.
 */
final class DataChannelProgram {
    private static final long WARM_NANOS = 2_500_000_000L;
    private static final long MEASURE_NANOS = 1_000_000_000L;
    private static final int MESSAGES_PER_CALL = 16;

    private final DataChannelBenchmark benchmark = new DataChannelBenchmark();
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private DataChannelProgram(int messageBytes, boolean interleaving) {
        benchmark.messageBytes = messageBytes;
        benchmark.interleaving = interleaving;
        benchmark.connect();
    }

    /**
     * Measures.
     *
     * @param arguments the size of a message, then perhaps {@code interleaving}
     */
    public static void main(String[] arguments) {
        boolean interleaving = arguments.length > 1 && arguments[1].equals("interleaving");
        var program = new DataChannelProgram(Integer.parseInt(arguments[0]), interleaving);
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)
                .println(program.measure());
    }

    private String measure() {
        run(WARM_NANOS);
        long cpu = process.getProcessCpuTime();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        double messages = run(MEASURE_NANOS);
        return String.format(
                Locale.ROOT,
                "RESULT %.1f %.1f",
                (process.getProcessCpuTime() - cpu) / messages,
                (threads.getCurrentThreadAllocatedBytes() - bytes) / messages);
    }

    /** Delivers messages until so much CPU time is used. Returns how many. */
    private long run(long cpuNanos) {
        long end = process.getProcessCpuTime() + cpuNanos;
        long messages = 0;
        while (process.getProcessCpuTime() < end) {
            for (int i = 0; i < 100; i++) {
                benchmark.deliverMessage();
                messages += MESSAGES_PER_CALL;
            }
        }
        return messages;
    }
}
