// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What an operation costs this thread, by counters that other work on the machine does not move. */
final class Work {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Work() {}

    /** Bytes allocated by one run, the least of several: the first ones load classes. */
    static long bytes(int runs, Runnable operation) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < runs; i++) {
            long before = THREAD.getCurrentThreadAllocatedBytes();
            operation.run();
            least = Math.min(least, THREAD.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /** Processor time of one run in nanoseconds, the least of several. */
    static long cpuNanos(int runs, Runnable operation) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < runs; i++) {
            long before = THREAD.getCurrentThreadCpuTime();
            operation.run();
            least = Math.min(least, THREAD.getCurrentThreadCpuTime() - before);
        }
        return least;
    }

    /** Reads everything that a description says as values of its own type; false when something is malformed. */
    static boolean interpret(SessionDescription description) {
        try {
            description.groups();
            for (MediaDescription section : description.media()) {
                section.mid();
                description.direction(section);
                description.transport(section);
                section.annotation();
                section.codecs();
                section.headerExtensions();
                section.msids();
                section.rids();
                section.simulcast();
                section.ssrcs();
                section.ssrcGroups();
                section.sctpPort();
                section.maxMessageSizeBytes();
                section.candidates().forEach(CandidateAttribute::parse);
            }
            return true;
        } catch (SdpException malformed) {
            return false;
        }
    }
}
