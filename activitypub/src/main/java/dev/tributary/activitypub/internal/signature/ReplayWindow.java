// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers signatures for as long as their date lets them verify. Two generations: the older one is dropped whole, so
 * there is no timer and no scan. When a generation is full, it refuses rather than forgets. Thread-safe.
 */
public final class ReplayWindow {
    private static final int GENERATION = 100_000;

    private final Duration lifetime;
    private Set<String> current = new HashSet<>();
    private Set<String> previous = new HashSet<>();
    private Instant turned = Instant.MIN;

    /** A window that is as long as a signature can live: its age into the past and into the future. */
    public ReplayWindow(Limits limits) {
        this.lifetime = limits.signatureAge().multipliedBy(2);
    }

    /** True if the signature was not seen before; remembers it. */
    public synchronized boolean firstTime(byte[] signature, Instant now) {
        if (turned.equals(Instant.MIN)) {
            turned = now;
        }
        if (!now.isBefore(turned.plus(lifetime))) {
            boolean recent = now.isBefore(turned.plus(lifetime.multipliedBy(2)));
            previous = recent ? current : new HashSet<>();
            current = new HashSet<>();
            turned = now;
        }
        String seen = Base64.getEncoder().encodeToString(Digests.sha256(signature));
        if (current.size() >= GENERATION || previous.contains(seen)) {
            return false;
        }
        return current.add(seen);
    }
}
