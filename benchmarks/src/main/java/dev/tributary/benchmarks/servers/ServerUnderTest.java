// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.servers;

import dev.tributary.benchmarks.load.LoadOptions;
import dev.tributary.benchmarks.load.LoadResult;
import dev.tributary.benchmarks.load.LoadSecond;
import java.util.function.Consumer;

/** A server that can be started, loaded and ended. */
interface ServerUnderTest {
    String name();

    /**
     * Starts the server.
     *
     * @param rooms how many rooms it will need
     */
    Running start(int rooms);

    /** A server that runs. */
    interface Running extends AutoCloseable {
        /** Puts a load on it. Endpoints and process of the options are the server's matter. */
        LoadResult load(LoadOptions options, Consumer<LoadSecond> progress);

        @Override
        void close();
    }
}
