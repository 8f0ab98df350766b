// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process has cost so far, as Linux counts it.
 *
 * @param cpuNanos processor time, all threads, user and system
 * @param residentBytes memory
 */
record ProcessCost(long cpuNanos, long residentBytes) {
    static final ProcessCost UNKNOWN = new ProcessCost(0, 0);

    // The kernel counts in hundredths of a second for processes, whatever its own clock does.
    private static final long TICK_NANOS = 10_000_000;

    /** In the first line of /proc/stat: user, nice, system, irq, softirq, steal; not idle and iowait. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    /** Reads it; {@link #UNKNOWN} when there is no such process, or this is not Linux. */
    static ProcessCost of(long pid) {
        if (pid == 0) {
            return UNKNOWN;
        }
        try {
            // The name, in brackets, may hold spaces.
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            long kibibytes = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
            return new ProcessCost(ticks * TICK_NANOS, kibibytes * 1024);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** Processor time of everything on this machine, what its host took from it included; 0 when this is not Linux. */
    static long machineNanos() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElse("").split(" +");
            long ticks = 0;
            for (int field : BUSY) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks * TICK_NANOS;
        } catch (IOException e) {
            return 0;
        }
    }

    static ProcessCost ofThisProcess() {
        return of(ProcessHandle.current().pid());
    }
}
