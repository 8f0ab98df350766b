// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.durability;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.Recipients;
import dev.tributary.activitypub.Stores;
import dev.tributary.activitypub.internal.store.JdbcStore;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.core.http.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.util.List;

/**
 * A server in a process of its own, to be killed. Arguments: its port, its store (a path for H2, a JDBC URL otherwise), the
 * port of the sink. It sends the activity of each number that it reads from its standard input, and says the number again
 * once the activity was accepted for delivery.
 */
public final class DurableServer {
    private static final int ORIGINS = 50;

    private DurableServer() {}

    /** The inbox of an activity: one of several hosts, all of them this machine. */
    static String inbox(int number, int sinkPort) {
        return "http://127.0.1." + (1 + number % ORIGINS) + ":" + sinkPort + "/inbox/" + number % 400;
    }

    /** Nobody verifies what it signs, and with 2048 bits the test would measure little else than RSA. */
    private static KeyPair shortKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(1024);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Store open(String where) {
        return where.startsWith("jdbc:")
                ? JdbcStore.open(() -> DriverManager.getConnection(where))
                : Stores.file(Path.of(where));
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        Store store = open(arguments[1]);
        int sinkPort = Integer.parseInt(arguments[2]);
        ActivityPub fediverse = ActivityPub.builder("http://127.0.0.1:" + port)
                .store(store)
                .allowPrivateAddresses(true)
                .keyPairs(DurableServer::shortKeys)
                .build();
        LocalActor alice = fediverse.person("alice", "Alice");
        HttpServer.bind(port).mount("/", fediverse).start();
        System.out.println("READY");
        BufferedReader numbers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = numbers.readLine(); line != null; line = numbers.readLine()) {
            int number = Integer.parseInt(line);
            ApObject note = ApObject.ofType("Create")
                    .with("id", "http://127.0.0.1:" + port + "/ap/activities/n" + number)
                    .with("object", ApObject.ofType("Note").with("content", "Number " + number))
                    .with("to", List.of(ApObject.PUBLIC));
            fediverse.send(alice, note, Recipients.inboxes(List.of(inbox(number, sinkPort))));
            System.out.println("ACCEPTED " + number);
        }
    }
}
