// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A streaming response on a blocking output: writers fill a bounded queue, one thread empties it. Thread-safe. */
public final class JdkStream implements HttpStream {
    private final int backlogBytesMax;
    private final Queue<byte[]> waiting = new ArrayDeque<>(); // guards all below
    private final List<Runnable> callbacks = new ArrayList<>();
    private long backlogBytes;
    private boolean ended;
    private boolean overrun;

    private JdkStream(int backlogBytesMax) {
        this.backlogBytesMax = backlogBytesMax;
    }

    /**
     * Opens a stream and writes what comes until it ends; holds the calling thread as long.
     *
     * @throws IOException if the peer is gone or too slow; the stream is closed then
     */
    public static void run(OutputStream out, HttpBody.Stream body, int backlogBytesMax) throws IOException {
        JdkStream stream = new JdkStream(backlogBytesMax);
        try {
            body.open().accept(stream);
            for (byte[] next = stream.take(); next != null; next = stream.take()) {
                out.write(next);
                out.flush();
                stream.written(next.length);
            }
            if (stream.isOverrun()) {
                throw new IOException("The peer reads too slowly");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("The server is stopping", stopping);
        } finally {
            stream.close();
        }
    }

    private byte @Nullable [] take() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty() && !ended) {
                waiting.wait();
            }
            return overrun ? null : waiting.poll();
        }
    }

    private void written(int bytes) {
        synchronized (waiting) {
            backlogBytes -= bytes;
        }
    }

    private boolean isOverrun() {
        synchronized (waiting) {
            return overrun;
        }
    }

    @Override
    public boolean write(byte[] bytes) {
        synchronized (waiting) {
            if (ended) {
                return false;
            }
            overrun = backlogBytes + bytes.length > backlogBytesMax;
            if (!overrun) {
                backlogBytes += bytes.length;
                waiting.add(bytes);
                waiting.notifyAll();
                return true;
            }
        }
        close();
        return false;
    }

    @Override
    public void onClose(Runnable callback) {
        synchronized (waiting) {
            if (!ended) {
                callbacks.add(callback);
                return;
            }
        }
        callback.run();
    }

    @Override
    public void close() {
        List<Runnable> due;
        synchronized (waiting) {
            ended = true;
            due = List.copyOf(callbacks);
            callbacks.clear();
            waiting.notifyAll();
        }
        due.forEach(Runnable::run);
    }
}
