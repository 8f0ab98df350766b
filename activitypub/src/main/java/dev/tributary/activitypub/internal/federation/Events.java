// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.federation;

import dev.tributary.activitypub.FediverseListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners. What one of them throws is logged and keeps nobody else from being told. */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final List<FediverseListener> listeners = new CopyOnWriteArrayList<>();

    /** One more listener. */
    public void add(FediverseListener listener) {
        listeners.add(listener);
    }

    /** Tells all of them. */
    public void tell(Consumer<FediverseListener> happening) {
        for (FediverseListener listener : listeners) {
            try {
                happening.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("A listener failed", e);
            }
        }
    }
}
