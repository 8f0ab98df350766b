// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Postgres;
import dev.tributary.activitypub.RequestSigner;
import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.activitypub.spi.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the middle of deliveries and of incoming activities: nothing accepted is lost, nothing has an effect
 * twice. By default 3 times in 1,500 deliveries and 150 incoming activities; {@code -Dtributary.kills=50} does it 50 times
 * in all, 5 times in each run of 10,000 and 1,000 ({@code -Dtributary.kills.first=5} begins with the sixth run). What each
 * run did is appended to {@code target/kills.txt}.
 *
 * <p>Effects are counted where they show: a delivery by its id at the receiver, as servers of the Fediverse do it; a Follow
 * by the Accepts that it led to, each of which has an id of its own, so that a second effect would be seen.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("tributary.kills", 3);
    private static final boolean FULL = KILLS >= 50;
    private static final int KILLS_PER_RUN = FULL ? 5 : KILLS;
    private static final int RUNS = (KILLS + KILLS_PER_RUN - 1) / KILLS_PER_RUN;
    private static final int FIRST = Integer.getInteger("tributary.kills.first", 0);
    private static final int DELIVERIES = FULL ? 10_000 : 1_500;
    private static final int INCOMING = FULL ? 1_000 : 150;
    private static final Duration PATIENCE = Duration.ofMinutes(FULL ? 4 : 2);
    private static final KeyPair KEYS = Pem.generate();

    @TempDir
    private Path directory;

    @Test
    void losesNothingAndDoesNothingTwiceOnH2() throws Exception {
        for (int run = FIRST; run < RUNS; run++) {
            new Run(directory.resolve("store" + run).toString(), run).go();
        }
    }

    @Test
    void losesNothingAndDoesNothingTwiceOnPostgreSql() throws Exception {
        try (Postgres postgres = Postgres.start()) {
            for (int run = FIRST; run < RUNS; run++) {
                new Run(postgres.newDatabase(), 100 + run).go();
            }
        }
    }

    private static final class Run {
        private final String store;
        private final Random random;
        private final Sink sink = new Sink(KEYS.getPublic());
        private final int port = freePort();
        private final Set<Integer> accepted = ConcurrentHashMap.newKeySet();
        private final Set<Integer> answered202 = ConcurrentHashMap.newKeySet();
        private final HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        private Process process;

        Run(String store, int seed) throws IOException {
            this.store = store;
            this.random = new Random(seed);
        }

        void go() throws Exception {
            try (sink) {
                Thread posting = new Thread(this::postUntilAllAreAccepted, "posts");
                posting.setDaemon(true);
                start();
                posting.start();
                for (int kill = 0; kill < KILLS_PER_RUN; kill++) {
                    double share = (kill + random.nextDouble()) / KILLS_PER_RUN;
                    await("the share of deliveries", () -> sink.received.size() >= share * DELIVERIES);
                    process.destroyForcibly().waitFor();
                    start();
                }
                await("every delivery", () -> accepted.size() == DELIVERIES && sink.received.size() >= DELIVERIES);
                await("every incoming activity", () -> answered202.size() == INCOMING);
                await("every Accept", () -> sink.accepts.size() == INCOMING);
                // What would come twice has had its chance: the queues are empty.
                await("rest", () -> followers() == INCOMING);
                Thread.sleep(500);
                check();
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "; in the store: " + stored(), e);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }

        /** What the store holds, for the report of a failure. */
        private String stored() throws InterruptedException {
            process.destroyForcibly().waitFor();
            try (Store opened = DurableServer.open(store)) {
                return opened.transact(tx -> "inbox " + tx.lanes("inbox") + ", deliveries " + tx.lanes("delivery")
                        + ", followers " + tx.count("followers " + base() + "/ap/u/alice"));
            }
        }

        private void check() throws IOException {
            assertThat(sink.received).hasSize(DELIVERIES);
            IntStream.range(0, DELIVERIES)
                    .forEach(number -> assertThat(sink.received).containsKey(base() + "/ap/activities/n" + number));
            long again = sink.received.values().stream()
                    .mapToInt(count -> count.get() - 1)
                    .sum();
            // At least once: what was under way when the process died is sent again, under the same id.
            assertThat(again).as("sent again").isLessThan(KILLS_PER_RUN * 300L);
            for (int number = 0; number < INCOMING; number++) {
                assertThat(sink.accepts.get(sink.actor(number)))
                        .as("Accepts of the Follow of actor %s", number)
                        .hasSize(1);
            }
            Files.createDirectories(Path.of("target"));
            Files.writeString(
                    Path.of("target", "kills.txt"),
                    String.format(
                            "%s: killed %d times; %d deliveries, %d of them sent twice; %d incoming activities%n",
                            store, KILLS_PER_RUN, DELIVERIES, again, INCOMING),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        private String base() {
            return "http://127.0.0.1:" + port;
        }

        private void start() throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx192m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            DurableServer.class.getName(),
                            String.valueOf(port),
                            store,
                            String.valueOf(sink.port()))
                    .redirectErrorStream(true)
                    .start();
            Process mine = process;
            BufferedReader lines = mine.inputReader(StandardCharsets.UTF_8);
            StringBuilder said = new StringBuilder();
            for (String line = lines.readLine(); !"READY".equals(line); line = lines.readLine()) {
                assertThat(line).as("the server ended: " + said).isNotNull();
                said.append(line).append('\n');
            }
            Thread reading = new Thread(() -> {
                try {
                    lines.lines()
                            .filter(line -> line.startsWith("ACCEPTED "))
                            .forEach(line -> accepted.add(Integer.parseInt(line.substring("ACCEPTED ".length()))));
                } catch (UncheckedIOException e) {
                    // It was killed, which is the point: what it had said was heard.
                    return;
                }
            });
            reading.setDaemon(true);
            reading.start();
            Thread asking = new Thread(() -> {
                try (Writer numbers = mine.outputWriter(StandardCharsets.UTF_8)) {
                    for (int number = 0; number < DELIVERIES; number++) {
                        if (!accepted.contains(number)) {
                            numbers.write(number + "\n");
                            numbers.flush();
                        }
                    }
                    mine.waitFor();
                } catch (IOException | InterruptedException e) {
                    // It was killed, which is the point.
                    return;
                }
            });
            asking.setDaemon(true);
            asking.start();
        }

        private void postUntilAllAreAccepted() {
            while (answered202.size() < INCOMING) {
                double progress = Math.min(1, sink.received.size() * 1.1 / DELIVERIES + 0.05);
                for (int number = 0; number < INCOMING * progress; number++) {
                    if (!answered202.contains(number) && post(number) == 202) {
                        answered202.add(number);
                    }
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }

        /** The answer's status; 0 when the server died over it. */
        private int post(int number) {
            String actor = sink.actor(number);
            byte[] body = ApObject.ofType("Follow")
                    .with("@context", ApObject.CONTEXT)
                    .with("id", actor + "/follows/1")
                    .with("actor", actor)
                    .with("object", base() + "/ap/u/alice")
                    .json()
                    .getBytes(StandardCharsets.UTF_8);
            URI inbox = URI.create(base() + "/ap/inbox");
            HttpRequest.Builder request = HttpRequest.newBuilder(inbox)
                    .timeout(Duration.ofSeconds(10))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            RequestSigner.of(actor + "#main-key", KEYS.getPrivate())
                    .sign(
                            "POST",
                            inbox,
                            dev.tributary.core.http.HttpHeaders.of("Content-Type", "application/activity+json"),
                            body)
                    .entries()
                    .stream()
                    .filter(field -> !field.getKey().equals("Host"))
                    .forEach(field -> request.header(field.getKey(), field.getValue()));
            try {
                return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                return 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }

        private long followers() {
            try {
                String document = http.send(
                                HttpRequest.newBuilder(URI.create(base() + "/ap/u/alice/followers"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                return ApObject.parse(document).integer("totalItems").orElse(-1);
            } catch (IOException e) {
                return -1;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }

        private void await(String what, java.util.function.BooleanSupplier condition) throws InterruptedException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!condition.getAsBoolean()) {
                assertThat(System.nanoTime())
                        .as(
                                "waiting for %s: %s accepted, %s received, %s answered 202, %s accepts",
                                what, accepted.size(), sink.received.size(), answered202.size(), sink.accepts.size())
                        .isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }
    }
}
