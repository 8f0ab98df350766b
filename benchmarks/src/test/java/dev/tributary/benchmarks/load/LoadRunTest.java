// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.http.HttpServer;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.WhipWhepClient;
import dev.tributary.whipwhep.spi.Access;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator against a server of ours on loopback, first in order, then with faults that it has to find. */
@Timeout(60)
class LoadRunTest {
    private static final int SUBSCRIBERS = 3;
    private static final Duration DURATION = Duration.ofSeconds(1);
    private static final BiFunction<MediaLoop, DatagramReceiver, DatagramReceiver> NOTHING = (loop, peer) -> peer;

    private final Sfu sfu = Sfu.builder().udpPort(0).announce("127.0.0.1").build();
    private final WhipWhep live =
            WhipWhep.builder(sfu.sessions()).access(Access.allowEverybody()).build();
    private final GuardedHttpClient http =
            GuardedHttpClient.builder().allowPrivateAddresses(true).build();
    private final List<LoadSecond> progress = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() {
        server = HttpServer.bind(0).host("127.0.0.1").mount("/", live).start();
    }

    @AfterEach
    void stop() {
        server.close();
        http.close();
        live.close();
        sfu.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"VP8", "H264"})
    void everythingArrivesWithoutFaults(String codec) {
        LoadResult result = run(codec, NOTHING);

        assertThat(result.failed()).as(result.failure()).isZero();
        assertThat(result.lost()).isZero();
        assertThat(result.replayed()).isZero();
        assertThat(result.stalled()).isZero();
        assertThat(result.foreign()).isZero();
        // Pictures 30 times a second and sound 50 times, to each subscriber.
        assertThat(result.received()).isGreaterThan((long) (SUBSCRIBERS * 80 * result.seconds() * 0.8));
        assertThat(result.firstKeyFrame().count()).isEqualTo(SUBSCRIBERS);
        assertThat(result.timeline()).hasSize((int) DURATION.toSeconds());
    }

    @Test
    void newcomersBeginAtTheKeyFrameThatTheServerHasKept() {
        LoadResult result = run("VP8", NOTHING, "--subscribers", "8", "--joins", "4");

        // They join within two seconds, each more than the shortest time between two requests after the one before.
        assertThat(result.firstKeyFrame().count()).isEqualTo(8);
        assertThat(result.keyFramesAsked()).isBetween(0L, 3L);
    }

    @Test
    void findsOnePercentOfLoss() {
        LoadResult lossy = run("VP8", (loop, peer) -> new Faults(loop, peer).dropEvery(100));

        assertThat(lossy.lossShare()).isBetween(0.005, 0.02);
    }

    @Test
    void findsTwentyMillisecondsOfDelay() {
        double late = run("VP8", (loop, peer) -> new Faults(loop, peer).delay(Duration.ofMillis(20)))
                .latency()
                .p50();

        // A run without the fault is no measure: on a machine that does other things it takes as long.
        assertThat(late).isBetween(20.0, 120.0);
    }

    @Test
    void findsAStalledSubscriber() {
        var made = new ArrayList<Faults>();
        LoadResult result = run("VP8", (loop, peer) -> {
            Faults faults = new Faults(loop, peer);
            made.add(faults);
            // The publisher's socket is the first, and the last subscriber hears nothing from some time on.
            return made.size() == 1 + SUBSCRIBERS ? faults.stopAfter(100) : faults;
        });

        assertThat(result.stalled()).isEqualTo(1);
    }

    @Test
    void findsPacketsThatComeTwice() {
        assertThat(run("VP8", (loop, peer) -> new Faults(loop, peer).repeatEvery(50))
                        .replayed())
                .isPositive();
    }

    @Test
    void leavesAReportThatStandsAlone(@TempDir Path folder) throws Exception {
        LoadResult result = run("VP8", NOTHING);

        LoadCommand.write(result, folder.resolve("report"));

        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("<h1>3 subscribers, 1 publisher, 1 room</h1>", "One-way latency", "prefers-color-scheme")
                .doesNotContain("http://www", "<script", "NaN");
        assertThat(Files.readString(folder.resolve("report.json"))).contains("\"received\" : " + result.received());
        assertThat(LoadCommand.summary(result)).contains("3 subscribers (0 failed, 0 stalled)");
    }

    @Test
    void saysWhatToDoWhenNobodyAnswers() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String nobody = "http://127.0.0.1:1/live";

        int code = new LoadCommand(new PrintStream(said, true, StandardCharsets.UTF_8))
                .run(List.of("--whip", nobody, "--whep", nobody));

        assertThat(code).isEqualTo(1);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("publisher of room 1 failed", "refused", "Does " + nobody + " answer")
                .doesNotContain("\tat ");
    }

    private LoadResult run(
            String codec, BiFunction<MediaLoop, DatagramReceiver, DatagramReceiver> faults, String... more) {
        String base = "http://127.0.0.1:" + server.port() + "/room/";
        List<String> words =
                new ArrayList<>(List.of("--whip", base + "whip", "--whep", base + "whep", "--codec", codec));
        words.addAll(List.of("--subscribers", "" + SUBSCRIBERS, "--duration", "" + DURATION.toSeconds()));
        words.addAll(List.of(more));
        LoadOptions options = LoadOptions.parse(words);
        WhipWhepClient client = WhipWhepClient.of(http);
        LoadRun.Signallings signallings = (kind, room) -> new WhipWhepSignalling(
                client, kind, URI.create(base + kind.name().toLowerCase(java.util.Locale.ROOT)));
        return new LoadRun(options, signallings, faults, progress::add).run();
    }
}
