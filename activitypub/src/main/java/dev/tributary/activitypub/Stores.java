// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import dev.tributary.activitypub.internal.store.H2Growth;
import dev.tributary.activitypub.internal.store.JdbcStore;
import dev.tributary.activitypub.internal.store.MemoryStore;
import dev.tributary.activitypub.spi.Store;
import java.nio.file.Path;
import java.sql.DriverManager;
import javax.sql.DataSource;

/**
 * The stores that come with the module.
 *
 * @since 0.1
 */
public final class Stores {
    /**
     * By default H2 writes what was committed half a second later. And once it uses space of its file again (by default
     * after 45 seconds), it sometimes does not find the newest commit after a crash: so space is not used again while the
     * file is open, and {@code JdbcStore} opens it anew when it has grown.
     */
    private static final String H2_OPTIONS =
            ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;CACHE_SIZE=16384;RETENTION_TIME=2147483647";

    /** The file is opened anew when it has grown by so much, and holds several times what it needs. */
    private static final long GROWTH_BYTES = 512L << 20;

    private Stores() {}

    /** A store that forgets everything with the process: for tests and demonstrations. */
    public static Store memory() {
        return new MemoryStore();
    }

    /**
     * A store in an H2 file; needs {@code com.h2database:h2} at run time. What was committed survives {@code
     * kill -9}.
     *
     * @param file the database's path, without the {@code .mv.db} that H2 appends
     */
    public static Store file(Path file) {
        String url = "jdbc:h2:" + file.toAbsolutePath() + H2_OPTIONS;
        Path stored = file.resolveSibling(file.getFileName() + ".mv.db");
        return JdbcStore.open(() -> DriverManager.getConnection(url), new H2Growth(stored, GROWTH_BYTES));
    }

    /**
     * A store in a database of the host's, PostgreSQL or H2; tables with the prefix {@code tributary_} are created or
     * migrated. One process at a time may use them. It holds one connection.
     */
    public static Store jdbc(DataSource dataSource) {
        return JdbcStore.open(dataSource::getConnection);
    }
}
