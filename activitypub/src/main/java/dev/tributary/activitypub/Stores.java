// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

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
    private Stores() {}

    /** A store that forgets everything with the process: for tests and demonstrations. */
    public static Store memory() {
        return new MemoryStore();
    }

    /**
     * A store in an H2 file; needs {@code com.h2database:h2} at run time. Survives {@code kill -9}.
     *
     * @param file the database's path, without the {@code .mv.db} that H2 appends
     */
    public static Store file(Path file) {
        String url = "jdbc:h2:" + file.toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE";
        return JdbcStore.open(() -> DriverManager.getConnection(url));
    }

    /** A store in a database of the host's; tables with the prefix {@code tributary_} are created when missing. */
    public static Store jdbc(DataSource dataSource) {
        return JdbcStore.open(dataSource::getConnection);
    }
}
