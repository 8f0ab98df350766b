// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.srtp.internal.index.SourceContext;
import dev.tributary.srtp.internal.index.SourceTable;
import org.jspecify.annotations.Nullable;

/** The sources of one direction, at most as many as the limits say. Not thread-safe. */
final class SrtpSources {
    private final SourceTable table = new SourceTable();
    private final SrtpLimits limits;
    private final int countMax;
    private @Nullable SourceContext last;

    SrtpSources(SrtpLimits limits, int countMax) {
        this.limits = limits;
        this.countMax = countMax;
    }

    /** Mostly the one before again: then nothing else has to come into the cache. */
    @Nullable
    SourceContext get(int ssrc) {
        SourceContext recent = last;
        if (recent != null && recent.ssrc() == ssrc) {
            return recent;
        }
        SourceContext found = table.get(ssrc);
        if (found != null) {
            last = found;
        }
        return found;
    }

    boolean isFull() {
        return table.size() >= countMax;
    }

    /** Adds a source that is not there; there has to be room. */
    SourceContext add(int ssrc, long firstRollOver) {
        SourceContext source =
                new SourceContext(ssrc, limits.rtpReplayWindow(), limits.rtcpReplayWindow(), firstRollOver);
        table.add(source);
        return source;
    }

    /**
     * Sets the roll-over counter that a source begins with.
     *
     * @return {@code false} when it has begun, or there is no room for it
     */
    boolean start(int ssrc, long rollOver) {
        if (rollOver < 0 || rollOver > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("A roll-over counter has 32 bits, not " + rollOver);
        }
        SourceContext known = table.get(ssrc);
        if (known == null) {
            if (isFull()) {
                return false;
            }
            add(ssrc, rollOver);
            return true;
        }
        if (known.rtp().highest() >= 0) {
            return false;
        }
        known.expect(rollOver);
        return true;
    }

    void retire(int ssrc) {
        SourceContext source = table.get(ssrc);
        if (source != null) {
            source.retire();
        }
    }
}
