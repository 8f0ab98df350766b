// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.util.List;
import java.util.Optional;

/**
 * The live streams of the neighbourhood: those that actors we follow announced, and those we were invited to. Changes are
 * told to {@link FediverseListener#liveChanged}. Thread-safe.
 *
 * @since 0.1
 */
public interface RemoteLives {
    /** All that are known, the ones on air first, then the newest. */
    List<RemoteLive> all();

    /** One, by the id of its Video. */
    Optional<RemoteLive> find(String id);

    /** Asks the host again, for example because somebody opens the page. Does nothing if the live is not known. */
    void refresh(String id);
}
