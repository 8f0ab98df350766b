// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.fediverse;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.Recipients;
import dev.tributary.activitypub.Stores;
import dev.tributary.core.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The command {@code fediverse-server port folder}: an instance with one account and an H2 file, to be measured. It takes
 * words on its standard input: {@code send n port} sends one activity to so many inboxes on that port, {@code heap} tells
 * how many bytes are in use and how many deliveries wait.
 */
public final class FediverseServer {
    private FediverseServer() {}

    /** Serves until its standard input ends. */
    public static void run(List<String> arguments, PrintStream out) throws IOException {
        int port = Integer.parseInt(arguments.get(0));
        try (ActivityPub fediverse = ActivityPub.builder("http://127.0.0.1:" + port)
                        .store(Stores.file(Path.of(arguments.get(1)).resolve("fediverse")))
                        .limits(Limits.DEFAULT.withActivitiesPerMinute(Integer.MAX_VALUE))
                        .allowPrivateAddresses(true)
                        .build();
                HttpServer server = HttpServer.bind(port).mount("/", fediverse).start()) {
            LocalActor alice = fediverse.person("alice", "Alice");
            out.println("READY " + server.port());
            BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = words.readLine(); line != null; line = words.readLine()) {
                String[] word = line.split(" ", -1);
                if (word[0].equals("send")) {
                    send(fediverse, alice, Integer.parseInt(word[1]), Integer.parseInt(word[2]));
                } else {
                    System.gc();
                    out.println("HEAP "
                            + ManagementFactory.getMemoryMXBean()
                                    .getHeapMemoryUsage()
                                    .getUsed() + " "
                            + fediverse.waitingDeliveries());
                }
            }
        }
    }

    private static void send(ActivityPub fediverse, LocalActor alice, int inboxes, int port) {
        ApObject create = ApObject.ofType("Create")
                .with("to", List.of(ApObject.PUBLIC))
                .with(
                        "object",
                        ApObject.ofType("Note")
                                .with("id", alice.id() + "/notes/1")
                                .with("content", "We are on air. ".repeat(20)));
        fediverse.send(alice, create, Recipients.inboxes(Sink.inboxes(inboxes, port)));
    }
}
