// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Says on which server a new session belongs, when a stream is spread over several. Thread-safe; must not block. */
@FunctionalInterface
public interface Placement {
    /**
     * Places a new session whose client is already let in.
     *
     * @return the endpoint of another server, to which the client is sent with a 307; or {@code null} for this one
     */
    @Nullable
    URI place(SessionKind kind, String room);
}
