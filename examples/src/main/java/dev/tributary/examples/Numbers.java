// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpStream;
import dev.tributary.sfu.RoomSnapshot;
import dev.tributary.sfu.SessionSnapshot;
import dev.tributary.sfu.Sfu;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The live numbers: a snapshot a second to whoever listens, as server-sent events. The engine counts; what a second
 * brought is the difference to the snapshot before.
 */
final class Numbers {
    /** Pages that may listen at a time. */
    static final int LISTENERS_MAX = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Numbers.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final Sfu sfu;
    private final Supplier<List<String>> setbacks;
    private final Set<HttpStream> listeners = ConcurrentHashMap.newKeySet();
    private Map<Key, SessionSnapshot> before = Map.of();
    private long beforeNanos = System.nanoTime();
    private long packetsIn;
    private long packetsOut;

    /** @param setbacks why connections failed lately, in words */
    Numbers(Sfu sfu, Supplier<List<String>> setbacks, ScheduledExecutorService thread) {
        this.sfu = sfu;
        this.setbacks = setbacks;
        var unused = thread.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** Sessions have no name that a page may know, so they are told apart by what they are and the order of their coming. */
    private record Key(String room, String kind, String role, boolean outgoing, String subject, int index) {}

    private record Totals(double kbitsIn, double kbitsOut, long packetsIn, long packetsOut, int sessions) {}

    private record Row(
            String room,
            String kind,
            String role,
            String state,
            double kbitsIn,
            double kbitsOut,
            long lost,
            double rttMillis) {}

    private record Snapshot(Totals totals, List<Row> sessions, List<String> setbacks) {}

    /** The answer to a page that wants to listen. */
    HttpResponse stream() {
        if (listeners.size() >= LISTENERS_MAX) {
            return HttpResponse.of(204); // Tells an EventSource not to come back.
        }
        return new HttpResponse(
                200,
                HttpHeaders.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"),
                new HttpBody.Stream(stream -> {
                    listeners.add(stream);
                    stream.onClose(() -> listeners.remove(stream));
                }));
    }

    private void tick() {
        sfu.rooms().whenComplete((rooms, failure) -> {
            if (failure == null) {
                publish(rooms);
            } else {
                LOG.debug("The engine gives no numbers", failure);
            }
        });
    }

    private synchronized void publish(List<RoomSnapshot> rooms) {
        long now = System.nanoTime();
        double millis = Math.max(1, (now - beforeNanos) / 1e6);
        Map<Key, SessionSnapshot> current = new HashMap<>();
        List<Row> rows = new ArrayList<>();
        for (RoomSnapshot room : rooms) {
            for (SessionSnapshot session : room.sessions()) {
                Key key = key(current, room.name(), session);
                SessionSnapshot last = before.getOrDefault(key, session);
                current.put(key, session);
                packetsIn += Math.max(0, session.packetsIn() - last.packetsIn());
                packetsOut += Math.max(0, session.packetsOut() - last.packetsOut());
                rows.add(new Row(
                        room.name(),
                        key.kind(),
                        session.outgoing() ? key.role() + " to there" : key.role(),
                        session.isConnected() ? session.isDynamic() ? "interactive" : "plain" : "connecting",
                        Math.max(0, session.bytesIn() - last.bytesIn()) * 8 / millis,
                        Math.max(0, session.bytesOut() - last.bytesOut()) * 8 / millis,
                        session.packetsLost(),
                        session.rttMillis()));
            }
        }
        before = current;
        beforeNanos = now;
        Totals totals = new Totals(
                rows.stream().mapToDouble(Row::kbitsIn).sum(),
                rows.stream().mapToDouble(Row::kbitsOut).sum(),
                packetsIn,
                packetsOut,
                rows.size());
        send(new Snapshot(totals, rows, setbacks.get()));
    }

    private static Key key(Map<Key, SessionSnapshot> taken, String room, SessionSnapshot session) {
        int index = 0;
        Key key;
        do {
            key = new Key(
                    room,
                    session.kind().name(),
                    session.role().wireName(),
                    session.outgoing(),
                    session.subject(),
                    index++);
        } while (taken.containsKey(key));
        return key;
    }

    private void send(Snapshot snapshot) {
        if (listeners.isEmpty()) {
            return;
        }
        byte[] event = ("data: " + JSON.writeValueAsString(snapshot) + "\n\n").getBytes(StandardCharsets.UTF_8);
        listeners.removeIf(listener -> !listener.write(event));
    }
}
