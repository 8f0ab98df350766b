// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.servers;

import dev.tributary.benchmarks.load.LoadOptions;
import dev.tributary.benchmarks.load.LoadResult;
import dev.tributary.benchmarks.sidebyside.SideBySideReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.opentest4j.TestAbortedException;

/**
 * The command {@code servers [subscribers,…] [rounds] [seconds]}: whole servers under the same load, each started anew for
 * each slice, taking turns there and back. {@code 50x4} stands for 50 rooms of 4 subscribers.
 */
public final class ServersCommand {
    private static final int JOINS_PER_SECOND = 40;
    private static final Duration WARM_UP = Duration.ofSeconds(40);
    private static final int WARM_UP_SUBSCRIBERS = 100;

    /** A machine of two cores that does nothing else stays below. */
    private static final double OTHER_CORES_MAX = 0.15;

    private static final int ATTEMPTS_MAX = 4;

    private final PrintStream out;
    private final Path folder;

    /** A command that tells how far it is, and leaves its results in a folder. */
    public ServersCommand(PrintStream out, Path folder) {
        this.out = out;
        this.folder = folder;
    }

    /** Runs it. */
    public int run(List<String> arguments) throws IOException {
        List<String> scenarios = List.of((arguments.isEmpty() ? "10,100,200" : arguments.get(0)).split(","));
        int rounds = arguments.size() > 1 ? Integer.parseInt(arguments.get(1)) : 3;
        int seconds = arguments.size() > 2 ? Integer.parseInt(arguments.get(2)) : 20;
        List<ServerUnderTest> contenders = contenders();
        ServersResult all = new ServersResult();
        for (String scenario : scenarios) {
            for (int round = 0; round < rounds; round++) {
                for (int turn = 0; turn < contenders.size(); turn++) {
                    int which = round % 2 == 0 ? turn : contenders.size() - 1 - turn;
                    ServerUnderTest contender = contenders.get(which);
                    out.printf(Locale.ROOT, "%s, %s, round %d of %d: ", scenario, contender.name(), round + 1, rounds);
                    all.add(scenario, contender.name(), undisturbed(contender, scenario, Duration.ofSeconds(seconds)));
                }
            }
        }
        SideBySideReport.write(all.comparison(), all.markdown(), folder, out);
        return 0;
    }

    /** Loads a server again while others keep the machine busy; gives up in the end, and says so. */
    private LoadResult undisturbed(ServerUnderTest contender, String scenario, Duration duration) {
        for (int attempt = 1; ; attempt++) {
            LoadResult result = load(contender, scenario, duration);
            out.printf(
                    Locale.ROOT,
                    "%.2f µs for a packet, p99 %.1f ms, lost %.4f %%, failed %d",
                    result.serverMicrosPerPacket(),
                    result.latency().p99(),
                    result.lossShare() * 100,
                    result.failed());
            if (result.otherCores() <= OTHER_CORES_MAX) {
                out.println();
                return result;
            }
            out.printf(Locale.ROOT, "; others kept %.2f cores busy", result.otherCores());
            if (attempt == ATTEMPTS_MAX) {
                out.println(": counted all the same, believe it less");
                return result;
            }
            out.print(": once more: ");
            out.flush();
        }
    }

    private List<ServerUnderTest> contenders() {
        List<ServerUnderTest> contenders = new ArrayList<>(List.of(HttpContender.tributary()));
        try {
            contenders.add(HttpContender.pion());
        } catch (TestAbortedException e) {
            out.println("Without Pion: " + e.getMessage());
        }
        try {
            contenders.add(new JanusContender("VP8"));
        } catch (TestAbortedException e) {
            out.println("Without Janus: " + e.getMessage());
        }
        return contenders;
    }

    /**
     * Nobody is measured cold: each server carries a load of 100 subscribers before the one that counts, for as long as a
     * virtual machine compiles what is hot.
     */
    private static LoadResult load(ServerUnderTest contender, String scenario, Duration duration) {
        String[] parts = scenario.split("x");
        int rooms = parts.length > 1 ? Integer.parseInt(parts[0]) : 1;
        int subscribers = Integer.parseInt(parts[parts.length - 1]);
        LoadOptions options = LoadOptions.of("", "").joining(JOINS_PER_SECOND);
        try (ServerUnderTest.Running running = contender.start(rooms)) {
            LoadResult warmUp = running.load(options.with(1, 1, WARM_UP_SUBSCRIBERS, WARM_UP), second -> {});
            return running.load(options.with(rooms, 1, subscribers, duration), second -> {})
                    .comparedWith(warmUp);
        }
    }
}
