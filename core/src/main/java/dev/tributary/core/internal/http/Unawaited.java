// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import java.util.concurrent.Future;

/** Marks where a future's outcome shows elsewhere: a channel that fails to write or close becomes inactive. */
final class Unawaited {
    private Unawaited() {}

    /** Looks away. */
    static void unawaited(Future<?> future) {
        assert future != null;
    }
}
