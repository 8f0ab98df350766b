// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store.Entry;
import dev.tributary.activitypub.spi.Store.Lane;
import dev.tributary.activitypub.spi.Store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One transaction on a connection. Standard SQL only, so that H2 and PostgreSQL both run it. */
final class JdbcTransaction implements Transaction {
    private static final String ITEM =
            "queue, item_id, lane, subject, supersedes, priority, attempt, due_at, expires_at, head";
    private static final String DUE = "SELECT " + ITEM + ", COALESCE(b.body, q.body) AS text FROM tributary_queue q"
            + " LEFT JOIN tributary_body b ON b.body_id = q.body_id"
            + " WHERE queue = ? AND lane = ? AND due_at <= ?"
            + " AND (subject = '' OR NOT EXISTS (SELECT 1 FROM tributary_queue e WHERE e.queue = q.queue"
            + " AND e.lane = q.lane AND e.subject = q.subject AND e.seq < q.seq)) ORDER BY priority, seq"
            + " FETCH FIRST ? ROWS ONLY";
    // A row that exists is no error, which would end the whole transaction on PostgreSQL.
    private static final String ENQUEUE = "INSERT INTO tributary_queue (" + ITEM + ", body, body_id)"
            + " SELECT CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR),"
            + " CAST(? AS INT), CAST(? AS INT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS VARCHAR),"
            + " CAST(? AS VARCHAR), CAST(? AS BIGINT)"
            + " WHERE NOT EXISTS (SELECT 1 FROM tributary_queue WHERE queue = ? AND item_id = ?)";
    private static final String QUEUE_COUNT = "queue ";
    private static final String COLLECTION_COUNT = "collection ";
    private static final String SEEN_COUNT = "seen";

    private final Statements sql;
    private final Counts counts;

    JdbcTransaction(Statements sql, Counts counts) {
        this.sql = sql;
        this.counts = counts;
    }

    @Override
    public @Nullable String get(String collection, String key) {
        List<String> found = sql.query(
                "SELECT document FROM tributary_document WHERE collection = ? AND doc_key = ?",
                rows -> rows.next() ? List.of(rows.getString(1)) : List.of(),
                collection,
                key);
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public void put(String collection, String key, String document) {
        int changed = sql.update(
                "UPDATE tributary_document SET document = ? WHERE collection = ? AND doc_key = ?",
                document,
                collection,
                key);
        if (changed == 0) {
            sql.update(
                    "INSERT INTO tributary_document (collection, doc_key, document) VALUES (?, ?, ?)",
                    collection,
                    key,
                    document);
            counts.add(COLLECTION_COUNT + collection, 1);
        }
    }

    @Override
    public boolean remove(String collection, String key) {
        int removed =
                sql.update("DELETE FROM tributary_document WHERE collection = ? AND doc_key = ?", collection, key);
        counts.add(COLLECTION_COUNT + collection, -removed);
        return removed > 0;
    }

    @Override
    public List<Entry> list(String collection, String after, int limit) {
        return sql.query(
                "SELECT doc_key, document FROM tributary_document WHERE collection = ? AND doc_key > ?"
                        + " ORDER BY doc_key FETCH FIRST ? ROWS ONLY",
                rows -> {
                    List<Entry> entries = new ArrayList<>();
                    while (rows.next()) {
                        entries.add(new Entry(rows.getString(1), rows.getString(2)));
                    }
                    return entries;
                },
                collection,
                after,
                limit);
    }

    @Override
    public int count(String collection) {
        return counts.of(
                COLLECTION_COUNT + collection,
                ignored -> sql.number("SELECT COUNT(*) FROM tributary_document WHERE collection = ?", collection));
    }

    @Override
    public boolean remember(String key, long untilMillis) {
        int added = sql.update(
                "INSERT INTO tributary_seen (seen_key, until_at) SELECT CAST(? AS VARCHAR), CAST(? AS BIGINT)"
                        + " WHERE NOT EXISTS (SELECT 1 FROM tributary_seen WHERE seen_key = ?)",
                key,
                untilMillis,
                key);
        counts.add(SEEN_COUNT, added);
        return added > 0;
    }

    @Override
    public int forget(long nowMillis, int keep, int limit) {
        int remembered = counts.of(SEEN_COUNT, ignored -> sql.number("SELECT COUNT(*) FROM tributary_seen"));
        int forgotten = forgetFirst("until_at <= " + nowMillis, limit);
        int tooMany = Math.min(remembered - forgotten - keep, limit - forgotten);
        int all = tooMany > 0 ? forgotten + forgetFirst("1 = 1", tooMany) : forgotten;
        counts.add(SEEN_COUNT, -all);
        return all;
    }

    private int forgetFirst(String condition, int limit) {
        List<String> first = sql.query(
                "SELECT seen_key FROM tributary_seen WHERE " + condition + " ORDER BY until_at FETCH FIRST ? ROWS ONLY",
                rows -> {
                    List<String> keys = new ArrayList<>();
                    while (rows.next()) {
                        keys.add(rows.getString(1));
                    }
                    return keys;
                },
                limit);
        return sql.updateAll(
                "DELETE FROM tributary_seen WHERE seen_key = ?",
                first.stream().map(key -> new Object[] {key}).toList());
    }

    @Override
    public boolean enqueue(QueuedItem item) {
        int added = sql.update(ENQUEUE, row(item, item.body(), 0L));
        counts.add(QUEUE_COUNT + item.queue(), added);
        return added > 0;
    }

    @Override
    public void enqueueAll(List<QueuedItem> items) {
        if (items.size() < 2) {
            items.forEach(this::enqueue);
            return;
        }
        long body = newBody(items.get(0).body());
        int added = sql.updateAll(
                ENQUEUE, items.stream().map(item -> row(item, "", body)).toList());
        counts.add(QUEUE_COUNT + items.get(0).queue(), added);
    }

    private long newBody(String body) {
        // One process per database and one transaction at a time: the newest number is the one just given.
        sql.update("INSERT INTO tributary_body (body) VALUES (?)", body);
        return sql.query("SELECT MAX(body_id) FROM tributary_body", rows -> {
            rows.next();
            return rows.getLong(1);
        });
    }

    /** Bodies that no item needs any more. */
    void sweepBodies() {
        sql.update("DELETE FROM tributary_body WHERE NOT EXISTS"
                + " (SELECT 1 FROM tributary_queue q WHERE q.body_id = tributary_body.body_id)");
    }

    private static Object[] row(QueuedItem item, String body, long bodyId) {
        return new Object[] {
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
            body,
            bodyId,
            item.queue(),
            item.id()
        };
    }

    @Override
    public void supersede(String queue, String supersedes) {
        int removed = sql.update("DELETE FROM tributary_queue WHERE queue = ? AND supersedes = ?", queue, supersedes);
        counts.add(QUEUE_COUNT + queue, -removed);
    }

    @Override
    public void reschedule(String queue, String id, int attempt, long dueAtMillis) {
        sql.update(
                "UPDATE tributary_queue SET attempt = ?, due_at = ? WHERE queue = ? AND item_id = ?",
                attempt,
                dueAtMillis,
                queue,
                id);
    }

    @Override
    public boolean dequeue(String queue, String id) {
        int removed = sql.update("DELETE FROM tributary_queue WHERE queue = ? AND item_id = ?", queue, id);
        counts.add(QUEUE_COUNT + queue, -removed);
        return removed > 0;
    }

    @Override
    public boolean isQueued(String queue, String id) {
        return sql.number("SELECT COUNT(*) FROM tributary_queue WHERE queue = ? AND item_id = ?", queue, id) > 0;
    }

    @Override
    public List<QueuedItem> due(String queue, String lane, long nowMillis, int limit) {
        return sql.query(
                DUE,
                rows -> {
                    List<QueuedItem> due = new ArrayList<>();
                    while (rows.next()) {
                        due.add(item(rows));
                    }
                    return due;
                },
                queue,
                lane,
                nowMillis,
                limit);
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
                rows.getString("text"));
    }

    @Override
    public long nextDue(String queue, String lane, long afterMillis) {
        return sql.query(
                "SELECT MIN(due_at) FROM tributary_queue WHERE queue = ? AND lane = ? AND due_at > ?",
                rows -> {
                    long next = rows.next() ? rows.getLong(1) : 0;
                    return rows.wasNull() ? Long.MAX_VALUE : next;
                },
                queue,
                lane,
                afterMillis);
    }

    @Override
    public List<Lane> lanes(String queue) {
        return sql.query(
                "SELECT lane, MIN(due_at), MIN(priority) FROM tributary_queue WHERE queue = ? GROUP BY lane",
                rows -> {
                    List<Lane> lanes = new ArrayList<>();
                    while (rows.next()) {
                        lanes.add(new Lane(rows.getString(1), rows.getLong(2), rows.getInt(3)));
                    }
                    return lanes;
                },
                queue);
    }

    @Override
    public int length(String queue) {
        return counts.of(
                QUEUE_COUNT + queue,
                ignored -> sql.number("SELECT COUNT(*) FROM tributary_queue WHERE queue = ?", queue));
    }
}
