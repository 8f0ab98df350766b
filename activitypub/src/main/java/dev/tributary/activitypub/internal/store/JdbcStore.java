// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import dev.tributary.activitypub.spi.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store by plain JDBC. One connection and one lock: transactions follow one another, which makes them serialisable
 * without relying on the database's isolation. One process per database.
 *
 * <p>What costs is the commit, not the work. So a transaction that sees others wait for their turn leaves the commit to
 * them and waits: they are then committed together, the last one does it. Savepoints keep one that throws from taking the
 * others with it. None returns before its own changes are committed.
 */
public final class JdbcStore implements Store {
    /** So many transactions share a commit at most: nobody waits longer for others than it would for the disk. */
    private static final int TOGETHER = 64;

    /** After so many transactions, bodies that nothing needs any more are looked for. */
    private static final int SWEEP_EVERY = 2_000;

    /** After so many commits, upkeep is asked. */
    private static final int UPKEEP_EVERY = 500;

    /** Where connections come from. */
    public interface Connections {
        /** A new or pooled connection. */
        Connection connect() throws SQLException;
    }

    /** An open connection with what was prepared on it. */
    private record Open(Connection connection, Statements statements) {}

    /** Transactions that are committed together. */
    private static final class Together {
        private int size;
        private boolean decided;
        private @Nullable SQLException failure;
    }

    private final Connections connections;
    private final Predicate<Connection> upkeep;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition committed = lock.newCondition();
    private final Counts counts = new Counts();
    private Together together = new Together();
    private @Nullable Open open;
    private int untilSweep = SWEEP_EVERY;
    private int untilUpkeep = UPKEEP_EVERY;
    private boolean closed;

    private JdbcStore(Connections connections, Predicate<Connection> upkeep) {
        this.connections = connections;
        this.upkeep = upkeep;
    }

    /** Opens the store and brings its tables to the newest version. */
    public static JdbcStore open(Connections connections) {
        return open(connections, connection -> false);
    }

    /**
     * Opens the store.
     *
     * @param upkeep asked now and then between transactions; true says that it ended the connection
     */
    public static JdbcStore open(Connections connections, Predicate<Connection> upkeep) {
        JdbcStore store = new JdbcStore(connections, upkeep);
        store.lock.lock();
        try {
            Schema.migrate(store.connected().connection());
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            store.lock.unlock();
        }
        return store;
    }

    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException("The store failed: " + e.getMessage(), e);
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        lock.lock();
        try {
            T result = run(work);
            Together mine = together;
            mine.size++;
            if (!isLeftToOthers(mine)) {
                commit();
            }
            while (!mine.decided) {
                committed.awaitUninterruptibly();
            }
            if (mine.failure != null) {
                throw failed(mine.failure);
            }
            return result;
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            // The one that threw may have been the one that the others wait for.
            if (together.size > 0 && !isLeftToOthers(together)) {
                commit();
            }
            lock.unlock();
        }
    }

    private boolean isLeftToOthers(Together group) {
        return lock.hasQueuedThreads() && group.size < TOGETHER;
    }

    private <T extends @Nullable Object> T run(Function<Transaction, T> work) throws SQLException {
        Open current = connected();
        @Nullable
        Savepoint before = together.size == 0 ? null : current.connection().setSavepoint();
        boolean done = false;
        try {
            JdbcTransaction transaction = new JdbcTransaction(current.statements(), counts);
            T result = work.apply(transaction);
            if (--untilSweep == 0) {
                untilSweep = SWEEP_EVERY;
                transaction.sweepBodies();
            }
            counts.keep();
            done = true;
            return result;
        } finally {
            if (!done) {
                undo(current.connection(), before);
            }
        }
    }

    private void undo(Connection connection, @Nullable Savepoint before) {
        counts.drop();
        try {
            if (before == null) {
                connection.rollback();
            } else {
                connection.rollback(before);
            }
        } catch (SQLException e) {
            broken(e);
        }
    }

    /** A connection that cannot even roll back is of no use, nor is what stood on it: the next one begins anew. */
    private void broken(SQLException e) {
        Open before = open;
        open = null;
        counts.clear();
        decide(e);
        if (before != null) {
            try {
                before.connection().close();
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
        }
    }

    private void commit() {
        Open current = open;
        if (current == null) {
            return;
        }
        try {
            current.connection().commit();
            decide(null);
            if (--untilUpkeep <= 0) {
                untilUpkeep = UPKEEP_EVERY;
                if (upkeep.test(current.connection())) {
                    open = null;
                }
            }
        } catch (SQLException e) {
            broken(e);
        }
    }

    private void decide(@Nullable SQLException failure) {
        together.failure = failure;
        together.decided = true;
        together = new Together();
        committed.signalAll();
    }

    private Open connected() throws SQLException {
        if (closed) {
            throw new IllegalStateException("The store is closed");
        }
        Open current = open;
        if (current == null || current.connection().isClosed()) {
            if (current != null) {
                broken(new SQLException("The connection was closed from outside"));
            }
            Connection connection = connections.connect();
            connection.setAutoCommit(false);
            current = new Open(connection, new Statements(connection));
            open = current;
        }
        return current;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            commit();
            Open before = open;
            open = null;
            if (before != null) {
                before.connection().close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Closing the store failed: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }
}
