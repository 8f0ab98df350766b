// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.servers;

import dev.tributary.core.http.HttpServer;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.WhipWhepLimits;
import dev.tributary.whipwhep.spi.Access;
import java.io.PrintStream;
import java.util.List;

/**
 * The command {@code server [http port] [loops]}: the forwarding engine behind WHIP and WHEP, open to everybody on this
 * machine, and nothing else. It says {@code READY <port>}, and ends when its standard input does.
 */
public final class TributaryServer {
    private static final int OPENS_PER_SECOND = 10_000;

    private TributaryServer() {}

    /** Runs until the input ends. */
    public static void run(List<String> arguments, PrintStream out) throws Exception {
        int port = arguments.isEmpty() ? 0 : Integer.parseInt(arguments.get(0));
        int loops = arguments.size() > 1
                ? Integer.parseInt(arguments.get(1))
                : Runtime.getRuntime().availableProcessors();
        try (Sfu sfu = Sfu.builder()
                        .udpPort(0)
                        .announce("127.0.0.1")
                        .loops(loops)
                        .build();
                WhipWhep live = WhipWhep.builder(sfu.sessions())
                        .access(Access.allowEverybody())
                        .limits(WhipWhepLimits.DEFAULT.withOpens(OPENS_PER_SECOND, OPENS_PER_SECOND))
                        .build();
                HttpServer server =
                        HttpServer.bind(port).host("127.0.0.1").mount("/", live).start()) {
            out.println("READY " + server.port());
            out.flush();
            while (System.in.read() >= 0) {
                // Whoever started it holds the other end.
            }
        }
    }
}
