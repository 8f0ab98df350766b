// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store.Entry;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One transaction on a connection. Standard SQL only, so that H2 and PostgreSQL both run it. */
final class JdbcTransaction implements Transaction {
    private static final String COLUMNS =
            "queue, item_id, lane, subject, supersedes, priority, attempt, due_at, expires_at, head, body";
    private static final String DUE = "SELECT " + COLUMNS + " FROM tributary_queue q WHERE queue = ? AND due_at <= ?"
            + " AND (subject = '' OR NOT EXISTS (SELECT 1 FROM tributary_queue e WHERE e.queue = q.queue"
            + " AND e.lane = q.lane AND e.subject = q.subject AND e.seq < q.seq)) ORDER BY priority, seq";

    private final Connection connection;

    JdbcTransaction(Connection connection) {
        this.connection = connection;
    }

    private interface Reading<T> {
        T read(ResultSet rows) throws SQLException;
    }

    void execute(String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private int update(String sql, Object... values) {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private <T> T query(String sql, Reading<T> reading, Object... values) {
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet rows = statement.executeQuery()) {
            return reading.read(rows);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException("The store failed: " + e.getMessage(), e);
    }

    @Override
    public @Nullable String get(String collection, String key) {
        List<String> found = query(
                "SELECT document FROM tributary_document WHERE collection = ? AND doc_key = ?",
                rows -> rows.next() ? List.of(rows.getString(1)) : List.of(),
                collection,
                key);
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public void put(String collection, String key, String document) {
        int changed = update(
                "UPDATE tributary_document SET document = ? WHERE collection = ? AND doc_key = ?",
                document,
                collection,
                key);
        if (changed == 0) {
            update(
                    "INSERT INTO tributary_document (collection, doc_key, document) VALUES (?, ?, ?)",
                    collection,
                    key,
                    document);
        }
    }

    @Override
    public boolean remove(String collection, String key) {
        return update("DELETE FROM tributary_document WHERE collection = ? AND doc_key = ?", collection, key) > 0;
    }

    @Override
    public List<Entry> list(String collection, String after, int limit) {
        return query(
                "SELECT doc_key, document FROM tributary_document WHERE collection = ? AND doc_key > ?"
                        + " ORDER BY doc_key FETCH FIRST " + limit + " ROWS ONLY",
                rows -> {
                    List<Entry> entries = new ArrayList<>();
                    while (rows.next()) {
                        entries.add(new Entry(rows.getString(1), rows.getString(2)));
                    }
                    return entries;
                },
                collection,
                after);
    }

    @Override
    public int count(String collection) {
        return query(
                "SELECT COUNT(*) FROM tributary_document WHERE collection = ?", JdbcTransaction::number, collection);
    }

    private static int number(ResultSet rows) throws SQLException {
        return rows.next() ? rows.getInt(1) : 0;
    }

    @Override
    public boolean enqueue(QueuedItem item) {
        if (isQueued(item.queue(), item.id())) {
            return false;
        }
        update(
                "INSERT INTO tributary_queue (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                item.queue(),
                item.id(),
                item.lane(),
                item.subject(),
                item.supersedes(),
                item.priority(),
                item.attempt(),
                item.dueAtMillis(),
                item.expiresAtMillis(),
                item.head(),
                item.body());
        return true;
    }

    @Override
    public void supersede(String queue, String lane, String supersedes) {
        update("DELETE FROM tributary_queue WHERE queue = ? AND lane = ? AND supersedes = ?", queue, lane, supersedes);
    }

    @Override
    public void reschedule(String queue, String id, int attempt, long dueAtMillis) {
        update(
                "UPDATE tributary_queue SET attempt = ?, due_at = ? WHERE queue = ? AND item_id = ?",
                attempt,
                dueAtMillis,
                queue,
                id);
    }

    @Override
    public boolean dequeue(String queue, String id) {
        return update("DELETE FROM tributary_queue WHERE queue = ? AND item_id = ?", queue, id) > 0;
    }

    @Override
    public boolean isQueued(String queue, String id) {
        return query(
                        "SELECT COUNT(*) FROM tributary_queue WHERE queue = ? AND item_id = ?",
                        JdbcTransaction::number,
                        queue,
                        id)
                > 0;
    }

    @Override
    public List<QueuedItem> due(String queue, long nowMillis, Set<String> busyLanes, int limit) {
        return query(
                DUE,
                rows -> {
                    Set<String> lanes = new HashSet<>(busyLanes);
                    List<QueuedItem> due = new ArrayList<>();
                    while (due.size() < limit && rows.next()) {
                        if (lanes.add(rows.getString("lane"))) {
                            due.add(item(rows));
                        }
                    }
                    return due;
                },
                queue,
                nowMillis);
    }

    private static QueuedItem item(ResultSet rows) throws SQLException {
        return new QueuedItem(
                rows.getString("queue"),
                rows.getString("item_id"),
                rows.getString("lane"),
                rows.getString("subject"),
                rows.getString("supersedes"),
                rows.getInt("priority"),
                rows.getInt("attempt"),
                rows.getLong("due_at"),
                rows.getLong("expires_at"),
                rows.getString("head"),
                rows.getString("body"));
    }

    @Override
    public int length(String queue) {
        return query("SELECT COUNT(*) FROM tributary_queue WHERE queue = ?", JdbcTransaction::number, queue);
    }
}
