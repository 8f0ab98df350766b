// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.index;

import org.jspecify.annotations.Nullable;

/** SSRC to context, by open addressing: no boxing, no allocation on look-up. Entries stay. Not thread-safe. */
public final class SourceTable {
    /** Knuth's multiplier: spreads SSRCs that a peer numbers one after the other. */
    private static final int SPREAD = 0x9E3779B1;

    private @Nullable SourceContext[] slots = new @Nullable SourceContext[8];
    private int size;

    /** How many sources there are. */
    public int size() {
        return size;
    }

    /** The context of a source, or {@code null}. */
    public @Nullable SourceContext get(int ssrc) {
        return slots[find(ssrc)];
    }

    /** Adds the context of a source that has none. */
    public void add(SourceContext context) {
        if ((size + 1) * 2 > slots.length) {
            grow();
        }
        slots[find(context.ssrc())] = context;
        size++;
    }

    private void grow() {
        @Nullable SourceContext[] old = slots;
        slots = new @Nullable SourceContext[old.length * 2];
        for (SourceContext context : old) {
            if (context != null) {
                slots[find(context.ssrc())] = context;
            }
        }
    }

    private int find(int ssrc) {
        int mask = slots.length - 1;
        int at = (ssrc * SPREAD >>> 8) & mask;
        while (true) {
            SourceContext there = slots[at];
            if (there == null || there.ssrc() == ssrc) {
                return at;
            }
            at = (at + 1) & mask;
        }
    }
}
