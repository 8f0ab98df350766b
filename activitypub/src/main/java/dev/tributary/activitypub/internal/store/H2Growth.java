// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Predicate;

/**
 * Says when an H2 file has grown enough to be written anew. Each commit appends a little, and what it replaces stays: a
 * file that is never opened anew grows for ever. Writing anew is a copy under another name and a rename, so a crash in the
 * middle leaves the old file.
 */
public final class H2Growth implements Predicate<Connection> {
    private final Path file;
    private final long growthBytes;
    private long compactBytes;

    /** A rule for a file: it is written anew when it has grown by so many bytes and to four times what it needed. */
    public H2Growth(Path file, long growthBytes) {
        this.file = file;
        this.growthBytes = growthBytes;
        this.compactBytes = size();
    }

    private long size() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Closes the database, smaller than it was, if it is time; true if the connection is of no use any more. */
    @Override
    public boolean test(Connection connection) {
        long now = size();
        if (now - compactBytes < growthBytes || now < 4 * compactBytes) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN COMPACT");
        } catch (SQLException e) {
            throw new IllegalStateException("The store failed to shrink: " + e.getMessage(), e);
        }
        compactBytes = size();
        return true;
    }
}
