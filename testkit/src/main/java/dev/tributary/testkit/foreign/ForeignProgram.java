// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A process that a test started: it is told things on its standard input and says things on its standard output, one a
 * line; what it writes to its standard error counts as output too. It ends with {@link #close()}, and with the virtual
 * machine at the latest. Thread-safe.
 */
public final class ForeignProgram implements AutoCloseable {
    private static final int MAX_LINES = 100_000;
    private static final int LINES_IN_A_FAILURE = 40;
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final String name;
    private final Process process;
    private final Writer input;
    private final Thread reader;
    private final Thread ender;
    private final List<String> lines = new ArrayList<>();
    private int awaited;
    private boolean isEnded;

    private ForeignProgram(String name, Process process) {
        this.name = name;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.reader = new Thread(this::read, "output of " + name);
        this.ender = new Thread(this::kill, "end of " + name);
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(ender);
    }

    /**
     * Starts a program in the current folder, with this process's environment.
     *
     * @param name what failures call it
     * @throws UncheckedIOException when it cannot be started
     */
    public static ForeignProgram start(String name, List<String> command) {
        return start(name, command, Path.of("").toAbsolutePath(), Map.of());
    }

    /**
     * Starts a program.
     *
     * @param name what failures call it
     * @param folder where it runs
     * @param environment what is added to this process's environment
     * @throws UncheckedIOException when it cannot be started
     */
    public static ForeignProgram start(
            String name, List<String> command, Path folder, Map<String, String> environment) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new ForeignProgram(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + ": " + command, e);
        }
    }

    /**
     * The next line that starts with some text, from where the last wait ended.
     *
     * @return the line without that text and without white space at both ends
     * @throws AssertionError when the line does not come in time, or the program ends without it; the message carries its
     *     last lines
     */
    public String awaitLine(String start, Duration patience) {
        return awaitLine((String line) -> line.startsWith(start), "a line that starts with '" + start + "'", patience)
                .substring(start.length())
                .strip();
    }

    /**
     * The next line that a test wants, from where the last wait ended. Lines before it are passed over.
     *
     * @param what the words for it in a failure
     * @throws AssertionError when the line does not come in time, or the program ends without it; the message carries its
     *     last lines
     */
    public synchronized String awaitLine(Predicate<String> wanted, String what, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            while (awaited < lines.size()) {
                String line = lines.get(awaited++);
                if (wanted.test(line)) {
                    return line;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (isEnded || left <= 0) {
                throw new AssertionError(name + (isEnded ? " ended without " : " did not say in " + patience + " ")
                        + what + ":\n" + tail());
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + name, e);
            }
        }
    }

    /**
     * Tells the program one line.
     *
     * @throws UncheckedIOException when the program no longer listens; the message carries its last lines
     */
    public synchronized void send(String line) {
        try {
            input.write(line);
            input.write('\n');
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not listen:\n" + tail(), e);
        }
    }

    /** All that the program has said so far. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The process's number, for measuring it. */
    public long pid() {
        return process.pid();
    }

    /**
     * Waits until the program has ended by itself.
     *
     * @return its exit code
     * @throws AssertionError when it does not end in time; the message carries its last lines
     */
    public int awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " did not end in " + patience + ":\n" + tail());
            }
            reader.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
        return process.exitValue();
    }

    /** Asks the process and its children to end, and ends those that do not. */
    @Override
    public void close() {
        List<ProcessHandle> family = family();
        family.forEach(ProcessHandle::destroy);
        if (!awaitEnds(family)) {
            family.forEach(ProcessHandle::destroyForcibly);
            awaitEnds(family);
        }
        try {
            reader.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(ender);
        } catch (IllegalStateException e) {
            // The virtual machine is ending, and has run the hook or will.
        }
    }

    @Override
    public String toString() {
        return name + " (process " + process.pid() + ")";
    }

    private List<ProcessHandle> family() {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        return family;
    }

    private static boolean awaitEnds(List<ProcessHandle> family) {
        CompletableFuture<?>[] ends = family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void kill() {
        family().forEach(ProcessHandle::destroyForcibly);
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (@Nullable String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(its output broke off: " + e.getMessage() + ")");
        }
        end();
    }

    private synchronized void add(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
            notifyAll();
        }
    }

    private synchronized void end() {
        isEnded = true;
        notifyAll();
    }

    private synchronized String tail() {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_IN_A_FAILURE), lines.size()));
    }
}
