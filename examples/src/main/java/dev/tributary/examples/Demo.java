// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.FediverseListener;
import dev.tributary.activitypub.LocalActor;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The demo: two complete instances in one process that share nothing but the loopback interface. They follow each other
 * by ActivityPub, so what goes live on one shows on the other.
 */
public final class Demo implements AutoCloseable {
    private static final int FOLLOW_SECONDS = 20;
    private static final int EXIT_CANNOT_START = 2;

    private final Path data;
    private final ReferenceServer first;
    private final ReferenceServer second;

    private Demo(int firstHttp, int firstUdp, int secondHttp, int secondUdp) {
        try {
            data = Files.createTempDirectory("tributary-demo");
        } catch (IOException e) {
            throw new UncheckedIOException("There is no place for temporary files", e);
        }
        first = start("first", firstHttp, firstUdp);
        try {
            second = start("second", secondHttp, secondUdp);
        } catch (RuntimeException e) {
            first.close();
            throw e;
        }
    }

    private ReferenceServer start(String name, int httpPort, int udpPort) {
        return ReferenceServer.start(
                ServerSettings.onLoopback(httpPort, udpPort, "alice", "bob").storedIn(data.resolve(name)));
    }

    /** Starts both instances on free ports, for tests, and returns when they follow each other. */
    public static Demo onFreePorts() {
        return start(0, 0, 0, 0);
    }

    private static Demo start(int firstHttp, int firstUdp, int secondHttp, int secondUdp) {
        Demo demo = new Demo(firstHttp, firstUdp, secondHttp, secondUdp);
        try {
            CompletableFuture.allOf(
                            follow(demo.second, demo.first), // B hears of what is live on A,
                            follow(demo.first, demo.second)) // and the other way round.
                    .orTimeout(FOLLOW_SECONDS, TimeUnit.SECONDS)
                    .join();
            return demo;
        } catch (RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    /** WebFinger, signed Follow, Accept: completes when the Accept is here. */
    private static CompletableFuture<?> follow(ReferenceServer follower, ReferenceServer target) {
        CompletableFuture<String> accepted = new CompletableFuture<>();
        follower.fediverse().listener(new FediverseListener() {
            @Override
            public void followAccepted(LocalActor actor, String targetId) {
                accepted.complete(targetId);
            }
        });
        LocalActor instance = follower.fediverse().instanceActor();
        follower.fediverse().follow(instance, "tributary@" + target.authority()).whenComplete((actor, failure) -> {
            if (failure != null) {
                accepted.completeExceptionally(failure);
            }
        });
        return accepted;
    }

    /** The instance "A". */
    public ReferenceServer first() {
        return first;
    }

    /** The instance "B". */
    public ReferenceServer second() {
        return second;
    }

    @Override
    public void close() {
        second.close();
        first.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The demo's data could not be deleted: " + data, e);
        }
    }

    /** Starts the demo on its usual ports and runs until it is interrupted. */
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = System.out;
        Demo demo;
        try {
            demo = start(8081, 10081, 8082, 10082);
        } catch (UncheckedIOException e) {
            System.err.println("The demo cannot start: " + e.getMessage());
            System.err.println("It needs the TCP ports 8081 and 8082 and the UDP ports 10081 and 10082."
                    + " Stop what uses them (ss -lnptu shows it), and start again.");
            System.exit(EXIT_CANNOT_START);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "tributary-demo-end"));
        out.println(demo.describe());
        new CountDownLatch(1).await();
    }

    private String describe() {
        String version = Demo.class.getPackage().getImplementationVersion();
        String a = first.url().toString();
        String b = second.url().toString();
        return String.join(
                System.lineSeparator(),
                List.of(
                        "",
                        "Tributary " + (version == null ? "(not packaged)" : version) + ", Java " + Runtime.version()
                                + ", media by " + first.sfu().transport() + ", "
                                + first.sfu().protection(),
                        "",
                        "  A  " + a + "   media on UDP " + first.sfu().udpAddresses(),
                        "  B  " + b + "   media on UDP " + second.sfu().udpAddresses(),
                        "",
                        "  1. " + a + "/stage?as=alice    press Go live",
                        "  2. " + b + "/                  the stream is listed; click it to watch it from B",
                        "  3. on the stage, invite bob@" + second.authority(),
                        "  4. " + b + "/stage?as=bob      accept, then Join the stage",
                        "",
                        "Both instances are ready. Ctrl-C ends them."));
    }
}
