// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.fediverse;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends requests that are ready as bytes over some connections that stay open, as fast as answers come or at a rate. At a
 * rate, the time of a request begins when it should have been sent, so that a server that stalls cannot hide it.
 */
final class RequestLoad {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final int port;
    private final int connections;

    RequestLoad(int port, int connections) {
        this.port = port;
        this.connections = connections;
    }

    /**
     * What was measured.
     *
     * @param perSecond answered requests a second
     * @param p50Millis half of the answers came within
     * @param p99Millis all but one of a hundred came within
     * @param maxMillis all of them came within
     * @param unexpected answers of another status than the expected one
     */
    record Result(double perSecond, double p50Millis, double p99Millis, double maxMillis, int unexpected) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "%,.0f/s, p50 %.2f ms, p99 %.2f ms, max %.1f ms, unexpected answers %d",
                    perSecond,
                    p50Millis,
                    p99Millis,
                    maxMillis,
                    unexpected);
        }
    }

    /**
     * Sends each request once.
     *
     * @param ratePerSecond 0 for as fast as possible
     */
    Result run(List<byte[]> requests, double ratePerSecond, int expectedStatus) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger unexpected = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(connections);
        List<Future<Histogram>> parts = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            parts.add(pool.submit(() -> connection(requests, next, ratePerSecond, start, expectedStatus, unexpected)));
        }
        Histogram all = new Histogram(3);
        try {
            for (Future<Histogram> part : parts) {
                all.add(part.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A connection failed: " + e.getCause(), e);
        } finally {
            pool.shutdownNow();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Result(
                requests.size() / seconds,
                all.getValueAtPercentile(50) / 1e6,
                all.getValueAtPercentile(99) / 1e6,
                all.getMaxValue() / 1e6,
                unexpected.get());
    }

    private Histogram connection(
            List<byte[]> requests,
            AtomicInteger next,
            double ratePerSecond,
            long start,
            int expectedStatus,
            AtomicInteger unexpected)
            throws IOException {
        Histogram times = new Histogram(3);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16_384);
            OutputStream out = socket.getOutputStream();
            for (int i = next.getAndIncrement(); i < requests.size(); i = next.getAndIncrement()) {
                long due = ratePerSecond == 0 ? System.nanoTime() : start + (long) (i * 1e9 / ratePerSecond);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(requests.get(i));
                if (answer(in) != expectedStatus) {
                    unexpected.incrementAndGet();
                }
                times.recordValue(Math.max(1, System.nanoTime() - due));
            }
        }
        return times;
    }

    /** Reads one answer to its end and gives its status. */
    private static int answer(InputStream in) throws IOException {
        String status = line(in);
        int length = 0;
        boolean chunked = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(
                        line.substring("content-length:".length()).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        if (chunked) {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                in.skipNBytes(size + 2L);
            }
            line(in);
        } else {
            in.skipNBytes(length);
        }
        return Integer.parseInt(status.split(" ", -1)[1]);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** One request as bytes. */
    static byte[] bytes(String head, byte[] body) {
        byte[] top = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[top.length + body.length];
        System.arraycopy(top, 0, whole, 0, top.length);
        System.arraycopy(body, 0, whole, top.length, body.length);
        return whole;
    }
}
