// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.core.http.HttpServer;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.whipwhep.WhipWhep;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Sessions opened and ended at a fixed rate through the Netty edge, with an engine without media. The latency of a request
 * counts from when it should have been sent, so that a server that stalls is charged for all that it kept waiting.
 */
final class WhipEdge {
    private static final int CONNECTIONS = 32;
    private static final int WARM_UP_SECONDS = 30;
    private static final int SLICE_SECONDS = 5;
    private static final double P99_MILLIS_MAX = 20;

    private final int port;
    private final byte[] offer;

    WhipEdge(int port, String offer) {
        this.port = port;
        this.offer = offer.getBytes(StandardCharsets.UTF_8);
    }

    /** What a run found: requests, and their latencies in milliseconds. */
    record Result(int requests, double medianMillis, double p99Millis, double worstMillis) {
        String inWords() {
            return String.format(
                    Locale.ROOT, "median %.2f ms, p99 %.2f ms, worst %.1f ms", medianMillis, p99Millis, worstMillis);
        }
    }

    /** Runs the command: {@code edge [sessions a second] [seconds] [command before java, for example taskset -c 1]}. */
    static int run(List<String> words, PrintStream out) throws IOException, InterruptedException {
        int perSecond = words.isEmpty() ? 1_000 : Integer.parseInt(words.get(0));
        int seconds = words.size() < 2 ? 20 : Integer.parseInt(words.get(1));
        List<String> command = new ArrayList<>(words.subList(Math.min(2, words.size()), words.size()));
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Benchmarks.class.getName(),
                "edge-server"));
        try (ForeignProgram server = ForeignProgram.start("edge server", command)) {
            String ready = server.awaitLine(line -> line.startsWith("READY "), "READY", Duration.ofSeconds(30));
            WhipEdge edge = new WhipEdge(Integer.parseInt(ready.substring("READY ".length())), offer());
            edge.load(perSecond, WARM_UP_SECONDS);
            List<Result> slices = new ArrayList<>();
            for (int i = 0; i < Math.max(1, seconds / SLICE_SECONDS); i++) {
                Result slice = edge.load(perSecond, SLICE_SECONDS);
                slices.add(slice);
                out.println(slice.inWords());
            }
            slices.sort(Comparator.comparingDouble(Result::p99Millis));
            Result middle = slices.get(slices.size() / 2);
            out.printf(
                    Locale.ROOT,
                    "%d POST and %d DELETE a second, the middle slice: %s%n",
                    perSecond,
                    perSecond,
                    middle.inWords());
            return middle.p99Millis() < P99_MILLIS_MAX ? 0 : 1;
        }
    }

    /** The server of the command, until its standard input ends. */
    static int serve(PrintStream out) throws IOException {
        WhipWhep live = StubMedia.server(offer());
        try (HttpServer server =
                HttpServer.bind(0).host("127.0.0.1").mount("/live", live).start()) {
            out.println("READY " + server.port());
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        }
        return 0;
    }

    static String offer() throws IOException {
        return Offers.chromium().replaceAll("a=(sendrecv|sendonly|inactive)", "a=recvonly");
    }

    /** Opens and ends sessions for a while. */
    Result load(int perSecond, int seconds) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            long begin = System.nanoTime() + 50_000_000;
            List<Future<double[]>> connections = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int number = i;
                connections.add(threads.submit(() -> connection(number, begin, perSecond, seconds)));
            }
            double[] all = {};
            for (Future<double[]> connection : connections) {
                double[] some = connection.get();
                double[] joined = Arrays.copyOf(all, all.length + some.length);
                System.arraycopy(some, 0, joined, all.length, some.length);
                all = joined;
            }
            Arrays.sort(all);
            return new Result(all.length, all[all.length / 2], all[all.length * 99 / 100], all[all.length - 1]);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A connection broke", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private double[] connection(int number, long begin, int perSecond, int seconds) throws IOException {
        int sessions = perSecond * seconds / CONNECTIONS;
        double intervalNanos = 1e9 * CONNECTIONS / perSecond;
        double[] millis = new double[sessions * 2];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < sessions; i++) {
                long due = begin + (long) ((i + number / (double) CONNECTIONS) * intervalNanos);
                waitUntil(due);
                String session = exchange(in, out, "POST /live/room/whep", offer, 201);
                millis[2 * i] = (System.nanoTime() - due) / 1e6;
                long deleteDue = due + (long) (intervalNanos / 2);
                waitUntil(deleteDue);
                exchange(in, out, "DELETE " + session, new byte[0], 200);
                millis[2 * i + 1] = (System.nanoTime() - deleteDue) / 1e6;
            }
        }
        return millis;
    }

    private static void waitUntil(long due) {
        for (long left; (left = due - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }

    /** One request and its response; returns the Location, or nothing. */
    private static String exchange(InputStream in, OutputStream out, String request, byte[] body, int status)
            throws IOException {
        byte[] head = (request + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sdp\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        out.write(whole);
        String first = line(in);
        if (!first.startsWith("HTTP/1.1 " + status)) {
            throw new IllegalStateException(request + " was answered " + first);
        }
        String location = "";
        int length = 0;
        for (String field; !(field = line(in)).isEmpty(); ) {
            String lower = field.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(field.substring(15).strip());
            } else if (lower.startsWith("location:")) {
                location = field.substring(9).strip();
            }
        }
        in.skipNBytes(length);
        return location;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c; (c = in.read()) != '\n'; ) {
            if (c < 0) {
                throw new IOException("The server closed the connection");
            }
            if (c != '\r') {
                text.append((char) c);
            }
        }
        return text.toString();
    }
}
