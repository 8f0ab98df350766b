// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The prepared statements of one connection, each prepared once. Owned by the store, under its lock. */
final class Statements {
    private static final int BATCH = 500;

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    /** Reads a result. */
    interface Reading<T> {
        T read(ResultSet rows) throws SQLException;
    }

    int update(String sql, Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** One statement for many rows of values; returns how many rows it changed. */
    int updateAll(String sql, List<Object[]> rows) {
        try {
            PreparedStatement statement = statement(sql);
            int changed = 0;
            int waiting = 0;
            for (Object[] row : rows) {
                bind(statement, row);
                statement.addBatch();
                if (++waiting == BATCH) {
                    changed += sum(statement.executeBatch());
                    waiting = 0;
                }
            }
            return waiting == 0 ? changed : changed + sum(statement.executeBatch());
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += Math.max(0, count);
        }
        return sum;
    }

    <T> T query(String sql, Reading<T> reading, Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            return reading.read(rows);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    int number(String sql, Object... values) {
        return query(sql, rows -> rows.next() ? rows.getInt(1) : 0, values);
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        PreparedStatement statement = statement(sql);
        bind(statement, values);
        return statement;
    }

    private PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            prepared.put(sql, known);
        }
        return known;
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException("The store failed: " + e.getMessage(), e);
    }
}
