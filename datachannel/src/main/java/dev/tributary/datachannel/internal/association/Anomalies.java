// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.SctpAnomaly;
import java.util.EnumMap;
import java.util.Map;

/** Counts what peers get wrong. Not thread-safe. */
public final class Anomalies {
    private final long[] counts = new long[SctpAnomaly.values().length];

    /** Counts one. */
    public void count(SctpAnomaly anomaly) {
        counts[anomaly.ordinal()]++;
    }

    /** Those that were seen. */
    public Map<SctpAnomaly, Long> snapshot() {
        Map<SctpAnomaly, Long> seen = new EnumMap<>(SctpAnomaly.class);
        for (SctpAnomaly anomaly : SctpAnomaly.values()) {
            if (counts[anomaly.ordinal()] > 0) {
                seen.put(anomaly, counts[anomaly.ordinal()]);
            }
        }
        return seen;
    }
}
