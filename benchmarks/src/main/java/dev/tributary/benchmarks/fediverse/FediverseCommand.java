// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.fediverse;

import dev.tributary.testkit.foreign.ForeignProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The command {@code fediverse [what…]}: what an instance takes in, sends out and serves. What is any of {@code inbox},
 * {@code latency}, {@code fan-out}, {@code get}, {@code queue}, {@code fedify}; without words all of them. The server runs in
 * a process of its own, the load in this one; both share the machine.
 */
public final class FediverseCommand {
    private static final int CONNECTIONS = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final PrintStream out;

    /** A command that tells what it found. */
    public FediverseCommand(PrintStream out) {
        this.out = out;
    }

    /** Runs it. */
    public int run(List<String> words) throws IOException, InterruptedException {
        List<String> what = words.isEmpty() ? List.of("inbox", "latency", "fan-out", "get", "queue", "fedify") : words;
        for (String word : what) {
            switch (word) {
                case "inbox" -> inbox(ours(256));
                case "latency" -> latency();
                case "fan-out" -> {
                    fanOut(ours(256), 1_000);
                    fanOut(ours(256), 5_000);
                }
                case "get" -> get(ours(256));
                case "queue" -> queue();
                case "fedify" -> fedify();
                default -> out.println("Not known: " + word);
            }
        }
        return 0;
    }

    /** A server that runs. */
    private record Running(String name, ForeignProgram program, int port, String inbox, String actor)
            implements AutoCloseable {
        @Override
        public void close() {
            program.close();
        }
    }

    private interface Starting {
        Running start(int port) throws IOException;
    }

    private static Starting ours(int heapMegabytes) {
        return port -> {
            Path folder = Files.createTempDirectory("tributary-fediverse");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heapMegabytes + "m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.tributary.benchmarks.Benchmarks",
                    "fediverse-server",
                    String.valueOf(port),
                    folder.toString()));
            ForeignProgram program = ForeignProgram.start("fediverse server", command);
            program.awaitLine("READY", PATIENCE);
            String base = "http://127.0.0.1:" + port;
            return new Running("Tributary", program, port, base + "/ap/inbox", base + "/ap/u/alice");
        };
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private double inbox(Starting starting) throws IOException, InterruptedException {
        int port = freePort();
        SignedRequests requests = new SignedRequests(port);
        try (Sink sink = new Sink(port, requests.documents())) {
            try (Running server = starting.start(freePort())) {
                RequestLoad load = new RequestLoad(server.port(), CONNECTIONS);
                load.run(requests.creates(4_000, server.inbox()), 0, 202);
                RequestLoad.Result result = load.run(requests.creates(12_000, server.inbox()), 0, 202);
                out.printf(
                        Locale.ROOT,
                        "%s, inbox: %s; hosts asked on port %d%n",
                        server.name(),
                        result.text(),
                        sink.port());
                return result.perSecond();
            }
        }
    }

    private void latency() throws IOException, InterruptedException {
        int port = freePort();
        SignedRequests requests = new SignedRequests(port);
        try (Sink sink = new Sink(port, requests.documents())) {
            try (Running server = ours(256).start(freePort())) {
                RequestLoad load = new RequestLoad(server.port(), CONNECTIONS);
                load.run(requests.creates(4_000, server.inbox()), 0, 202);
                RequestLoad.Result result = load.run(requests.creates(6_000, server.inbox()), 300, 202);
                out.printf(
                        Locale.ROOT, "%s, inbox at 300/s: %s; taken %d%n", server.name(), result.text(), sink.taken());
            }
        }
    }

    private double fanOut(Starting starting, int inboxes) throws IOException, InterruptedException {
        try (Sink sink = new Sink(0, Map.of())) {
            try (Running server = starting.start(freePort())) {
                ForeignProgram program = server.program();
                program.send("send 300 " + sink.port());
                awaitTaken(sink, 300);
                long start = System.nanoTime();
                program.send("send " + inboxes + " " + sink.port());
                awaitTaken(sink, 300 + inboxes);
                double seconds = (System.nanoTime() - start) / 1e9;
                out.printf(
                        Locale.ROOT,
                        "%s, one activity to %,d inboxes on 250 hosts: %.2f s%n",
                        server.name(),
                        inboxes,
                        seconds);
                return seconds;
            }
        }
    }

    private static void awaitTaken(Sink sink, int count) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (sink.taken() < count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Only " + sink.taken() + " of " + count + " activities came");
            }
            Thread.sleep(5);
        }
    }

    private double get(Starting starting) throws IOException, InterruptedException {
        try (Running server = starting.start(freePort())) {
            RequestLoad load = new RequestLoad(server.port(), CONNECTIONS);
            URI actor = URI.create(server.actor());
            load.run(SignedRequests.gets(20_000, actor), 0, 200);
            RequestLoad.Result result = load.run(SignedRequests.gets(60_000, actor), 0, 200);
            out.printf(Locale.ROOT, "%s, GET of an actor: %s%n", server.name(), result.text());
            return result.perSecond();
        }
    }

    /** Nothing listens on the port: everything waits. */
    private void queue() throws IOException, InterruptedException {
        int nobody = freePort();
        try (Running server = ours(64).start(freePort())) {
            ForeignProgram program = server.program();
            for (int i = 0; i < 4; i++) {
                program.send("send 25000 " + nobody);
            }
            long end = System.nanoTime() + PATIENCE.toNanos();
            String[] heap = {"0", "0"};
            while (Integer.parseInt(heap[1]) < 100_000 && System.nanoTime() < end) {
                Thread.sleep(2_000);
                program.send("heap");
                heap = program.awaitLine("HEAP", PATIENCE).split(" ", -1);
            }
            out.printf(
                    Locale.ROOT,
                    "%s with a heap of 64 MB: %s deliveries wait, %.1f MB of heap in use%n",
                    server.name(),
                    heap[1],
                    Long.parseLong(heap[0]) / 1e6);
        }
    }

    private void fedify() throws IOException, InterruptedException {
        Starting fedify = port -> {
            ForeignProgram program = FedifyServer.start(port);
            program.awaitLine("READY", PATIENCE);
            String base = "http://127.0.0.1:" + port;
            return new Running("Fedify", program, port, base + "/inbox", base + "/users/alice");
        };
        double[] ratios = {
            inbox(ours(256)) / inbox(fedify),
            get(ours(256)) / get(fedify),
            fanOut(fedify, 1_000) / fanOut(ours(256), 1_000)
        };
        out.printf(
                Locale.ROOT,
                "Throughput against Fedify's: inbox %.1f, GET %.1f, fan-out %.1f times%n",
                ratios[0],
                ratios[1],
                ratios[2]);
    }
}
