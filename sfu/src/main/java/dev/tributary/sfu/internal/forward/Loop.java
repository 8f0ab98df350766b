// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.udp.MediaLoop;
import java.util.concurrent.Executor;

/** What forwarding needs of an event loop: tasks, and whether we are on it. */
public interface Loop extends Executor {
    /** Whether the calling thread is this loop. */
    boolean inLoop();

    /** A media loop as seen by forwarding. Two views of the same loop are equal. */
    static Loop of(MediaLoop loop) {
        return new OfMediaLoop(loop);
    }

    /** The view of a media loop. */
    record OfMediaLoop(MediaLoop loop) implements Loop {
        @Override
        public boolean inLoop() {
            return loop.inLoop();
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }
    }
}
