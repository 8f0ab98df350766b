// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

/** The deadlines of an association. Not thread-safe. */
final class Timers {
    /** What there is to wait for. */
    enum Kind {
        /** T1-init and T1-cookie: the answer to INIT or COOKIE ECHO. */
        T1,
        /** T2-shutdown: the answer to SHUTDOWN or SHUTDOWN ACK. */
        T2,
        /** T3-rtx: the acknowledgement of data. */
        T3,
        /** The confirmation of a FORWARD TSN. */
        FORWARD_TSN,
        /** The delay of a SACK. */
        ACK,
        /** The answer to a RE-CONFIG. */
        RECONFIG,
        /** The time to ask for a sign of life. */
        HEARTBEAT
    }

    private static final long NEVER = Long.MAX_VALUE;
    private static final Kind[] KINDS = Kind.values();

    private final long[] deadlines = new long[KINDS.length];

    Timers() {
        stopAll();
    }

    void set(Kind kind, long deadlineNanos) {
        deadlines[kind.ordinal()] = deadlineNanos;
    }

    void setUnlessRunning(Kind kind, long deadlineNanos) {
        if (!isRunning(kind)) {
            set(kind, deadlineNanos);
        }
    }

    void stop(Kind kind) {
        deadlines[kind.ordinal()] = NEVER;
    }

    void stopAll() {
        java.util.Arrays.fill(deadlines, NEVER);
    }

    boolean isRunning(Kind kind) {
        return deadlines[kind.ordinal()] != NEVER;
    }

    /** Whether a timer is due; then it is stopped. */
    boolean takeDue(Kind kind, long nowNanos) {
        if (deadlines[kind.ordinal()] > nowNanos) {
            return false;
        }
        stop(kind);
        return true;
    }

    long next() {
        long earliest = NEVER;
        for (long deadline : deadlines) {
            earliest = Math.min(earliest, deadline);
        }
        return earliest;
    }
}
