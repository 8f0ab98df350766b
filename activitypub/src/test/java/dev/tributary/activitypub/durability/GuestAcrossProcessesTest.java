// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.activitypub.Postgres;
import dev.tributary.testkit.foreign.ForeignProgram;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way of a guest between two processes on two ports, one with H2 and one with PostgreSQL, with real signatures. Both
 * are killed and started again in the middle: who was invited stays invited, who accepted stays a guest.
 */
class GuestAcrossProcessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void bringsAGuestFromPostgreSqlOntoAStageOnH2() throws Exception {
        int hostPort = freePort();
        int guestPort = freePort();
        try (Postgres postgres = Postgres.start()) {
            String hostStore = directory.resolve("host").toString();
            String guestStore = postgres.newDatabase();
            String guest = "bob@localhost:" + guestPort;
            try (ForeignProgram host = start(hostPort, hostStore, "alice");
                    ForeignProgram other = start(guestPort, guestStore, "bob")) {
                other.send("follow alice_live@localhost:" + hostPort);
                assertThat(other.awaitLine("ACCEPTED", PATIENCE)).contains("/ap/c/alice_live");
                host.send("live");
                assertThat(other.awaitLine("LIVE", PATIENCE)).isEqualTo("LIVE Friday session");
                host.send("invite " + guest);
                assertThat(other.awaitLine("INVITED", PATIENCE)).isEqualTo("bob by alice_live@localhost:" + hostPort);
            }
            try (ForeignProgram host = start(hostPort, hostStore, "alice");
                    ForeignProgram other = start(guestPort, guestStore, "bob")) {
                other.send("accept");
                other.awaitLine("CONFIRMED", PATIENCE);
                assertThat(host.awaitLine("ANSWERED", PATIENCE)).isEqualTo(guest + " ACCEPTED");
            }
            try (ForeignProgram host = start(hostPort, hostStore, "alice");
                    ForeignProgram other = start(guestPort, guestStore, "bob")) {
                other.send("join");
                assertThat(other.awaitLine("ACCESS", PATIENCE))
                        .isEqualTo("for http://localhost:" + guestPort + "/ap/u/bob of http://localhost:" + guestPort
                                + "/ap/actor");
                other.send("leave");
                assertThat(host.awaitLine("REVOKED", PATIENCE)).isEqualTo(guest + " LEFT");
                other.send("join");
                other.awaitLine("REFUSED", PATIENCE);
                host.send("end");
                assertThat(other.awaitLine("LIVE ENDED", PATIENCE)).isEqualTo("Friday session");
            }
        }
    }

    private static ForeignProgram start(int port, String store, String name) {
        ForeignProgram program = ForeignProgram.start(
                "server of " + name,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GuestServer.class.getName(),
                        String.valueOf(port),
                        store,
                        name));
        program.awaitLine("READY", PATIENCE);
        return program;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
