// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.RequestSigner;
import dev.tributary.activitypub.Stores;
import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.activitypub.internal.signature.TestKeys;
import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.HttpServer;
import dev.tributary.core.http.OutboundRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Honest requests while others drip single bytes, name keys on servers that take the connection and say nothing, and send
 * garbage. Over real sockets: all honest ones are answered, and half of them about as fast as before.
 */
class HonestTrafficTest {
    private static final int REQUESTS = 60;

    @Test
    void isAnsweredAsFastWhileAttacksRun() throws Exception {
        AtomicInteger serial = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        int port = freePort();
        String friend = "http://localhost:" + port + "/friends/eve";
        String document =
                Scene.person(friend, Pem.write(TestKeys.MALLORY.getPublic())).json();
        try (ActivityPub ours = ActivityPub.builder("http://localhost:" + port)
                        .store(Stores.memory())
                        .allowPrivateAddresses(true)
                        .build();
                HttpServer server = HttpServer.bind(port)
                        .mount(
                                "/friends",
                                request -> CompletableFuture.completedFuture(
                                        HttpResponse.of(200, "application/activity+json", document)))
                        .mount("/", ours)
                        .start();
                ServerSocket silent = new ServerSocket(0, 500);
                GuardedHttpClient client =
                        GuardedHttpClient.builder().allowPrivateAddresses(true).build()) {
            honest(client, port, friend, serial);
            long[] before = honest(client, port, friend, serial);
            List<Thread> attackers = attackers(server.port(), silent.getLocalPort(), over);

            long[] during = honest(client, port, friend, serial);

            over.set(true);
            for (Thread attacker : attackers) {
                attacker.join(10_000);
            }
            long bound = 5 * before[REQUESTS / 2] + TimeUnit.MILLISECONDS.toNanos(100);
            assertThat(during[REQUESTS / 2])
                    .as("half of the answers, nanoseconds; before: " + before[REQUESTS / 2])
                    .isLessThan(bound);
        }
    }

    /** Times of honest deliveries, sorted; each is answered 202. */
    private static long[] honest(GuardedHttpClient client, int port, String friend, AtomicInteger serial)
            throws Exception {
        URI inbox = URI.create("http://localhost:" + port + "/ap/inbox");
        RequestSigner signer = RequestSigner.of(friend + "#main-key", TestKeys.MALLORY.getPrivate());
        long[] times = new long[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            String like = ApObject.ofType("Like")
                    .with("@context", ApObject.CONTEXT)
                    .with("id", friend + "/likes/" + serial.incrementAndGet())
                    .with("actor", friend)
                    .with("object", "http://localhost:" + port + "/ap/actor")
                    .json();
            OutboundRequest request = signer.sign(OutboundRequest.post(inbox, "application/activity+json", like));
            long start = System.nanoTime();
            HttpResponse response = client.send(request).toCompletableFuture().get(20, TimeUnit.SECONDS);
            times[i] = System.nanoTime() - start;
            assertThat(response.status()).isEqualTo(202);
        }
        Arrays.sort(times);
        return times;
    }

    private static List<Thread> attackers(int port, int silentPort, AtomicBoolean over) {
        List<Thread> attackers = new ArrayList<>();
        attackers.add(attacker(() -> dripping(port, over)));
        attackers.add(attacker(() -> garbage(port, silentPort, over)));
        return attackers;
    }

    private static Thread attacker(Runnable attack) {
        Thread thread = new Thread(attack, "attacker");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Two hundred requests that come a byte at a time. */
    private static void dripping(int port, AtomicBoolean over) {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                sockets.add(new Socket("localhost", port));
            }
            byte[] request =
                    "POST /ap/inbox HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{".getBytes(UTF_8);
            for (int i = 0; !over.get(); i++) {
                for (Socket socket : sockets) {
                    socket.getOutputStream().write(request[Math.min(i, request.length - 1)]);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        } catch (IOException e) {
            // The server had enough of it.
            return;
        } finally {
            sockets.forEach(HonestTrafficTest::close);
        }
    }

    /** Signatures by keys on a server that never answers, each key another one, and bodies that do not parse. */
    private static void garbage(int port, int silentPort, AtomicBoolean over) {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; !over.get(); i++) {
                String actor = "http://localhost:" + silentPort + "/u/" + i;
                String like = ApObject.ofType("Like")
                        .with("@context", ApObject.CONTEXT)
                        .with("id", actor + "/1")
                        .with("actor", actor)
                        .with("object", actor)
                        .json();
                byte[] body = (i % 3 == 0 ? "[".repeat(5_000) : like).getBytes(UTF_8);
                OutboundRequest signed = RequestSigner.of(actor + "#main-key", TestKeys.ALICE.getPrivate())
                        .sign(OutboundRequest.post(
                                URI.create("http://localhost:" + port + "/ap/inbox"),
                                "application/activity+json",
                                body));
                Socket socket = new Socket("localhost", port);
                sockets.add(socket);
                StringBuilder head = new StringBuilder("POST /ap/inbox HTTP/1.1\r\n");
                signed.headers()
                        .entries()
                        .forEach(field -> head.append(field.getKey())
                                .append(": ")
                                .append(field.getValue())
                                .append("\r\n"));
                head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
                OutputStream out = socket.getOutputStream();
                out.write(head.toString().getBytes(UTF_8));
                out.write(body);
                out.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        } catch (IOException e) {
            // The server had enough of it.
            return;
        } finally {
            sockets.forEach(HonestTrafficTest::close);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
