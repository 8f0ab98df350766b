// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpHeaders;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.sdp.MediaDescription;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.Sfu;
import dev.tributary.whipwhep.WhipWhep;
import dev.tributary.whipwhep.spi.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The offers of other people's software are accepted as they are: the recorded ones of module sdp, and those put together
 * by hand for what could not be run ({@code reconstructed/README.md}).
 */
class OffersOfOthersTest {
    private static final Path ROOT = Path.of(System.getProperty("tributary.root", ".."));
    private static final Path RECORDED = ROOT.resolve("sdp/src/test/resources/dev/tributary/sdp/recorded");
    private static final Path RECONSTRUCTED =
            ROOT.resolve("examples/src/test/resources/dev/tributary/examples/interop/reconstructed");
    private static final Pattern TO_PUBLISH = Pattern.compile("(offer-(whip|simulcast|sendrecv).*|.*-whip)\\.sdp");
    private static final Pattern TO_PLAY = Pattern.compile("(offer-(whep|sendrecv).*|.*-whep)\\.sdp");

    private static Sfu sfu;
    private static WhipWhep live;

    @BeforeAll
    static void start() {
        sfu = Sfu.builder().udpPort(0).loops(1).build();
        live = WhipWhep.builder(sfu.sessions())
                .access(Access.allowEverybody())
                .prefix("/live")
                .build();
        // Somebody is live, so that there is something to play in both codecs.
        assertThat(post("/live/stage/whip", text(RECONSTRUCTED.resolve("safari-whip.sdp")))
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        live.close();
        sfu.close();
    }

    private static Stream<Path> files(Pattern name) {
        try (Stream<Path> recorded = Files.walk(RECORDED);
                Stream<Path> reconstructed = Files.walk(RECONSTRUCTED)) {
            return Stream.concat(recorded, reconstructed)
                    .filter(file -> name.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> toPublish() {
        return files(TO_PUBLISH);
    }

    static Stream<Path> toPlay() {
        return files(TO_PLAY);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse post(String path, String offer) {
        return send("POST", path, offer);
    }

    private static HttpResponse send(String method, String path, String body) {
        return live.handle(new HttpRequest(
                        method,
                        path,
                        "",
                        HttpHeaders.of("Content-Type", "application/sdp"),
                        body.getBytes(StandardCharsets.UTF_8),
                        new InetSocketAddress("127.0.0.1", 4000)))
                .toCompletableFuture()
                .join();
    }

    private static SessionDescription accepted(String path, Path file) {
        HttpResponse response = post(path, text(file));
        String body = new String(((HttpBody.Bytes) response.body()).bytes(), StandardCharsets.UTF_8);
        assertThat(response.status()).as(file + ": " + body).isEqualTo(201);
        assertThat(send("DELETE", response.headers().first("Location").orElseThrow(), "")
                        .status())
                .isEqualTo(200);
        SessionDescription offer = SessionDescription.parse(text(file));
        SessionDescription answer = SessionDescription.parse(body);
        assertThat(answer.media().stream().map(MediaDescription::mid))
                .as(file.toString())
                .isEqualTo(offer.media().stream().map(MediaDescription::mid).toList());
        return answer;
    }

    @ParameterizedTest
    @MethodSource("toPublish")
    void offersToPublishAreAccepted(Path file) {
        SessionDescription answer = accepted("/live/room/whip", file);

        assertThat(answer.media()).as(file.toString()).noneMatch(MediaDescription::isRejected);
    }

    @ParameterizedTest
    @MethodSource("toPlay")
    void offersToPlayAreAccepted(Path file) {
        SessionDescription answer = accepted("/live/stage/whep", file);

        assertThat(answer.media().stream().filter(section -> !section.isRejected()))
                .as(file.toString())
                .isNotEmpty();
    }

    @Test
    void allStreamsOfObsAreNamedInTheAnswer() {
        SessionDescription answer = accepted("/live/room/whip", RECONSTRUCTED.resolve("obs-32-simulcast-whip.sdp"));

        assertThat(answer.write()).contains("a=simulcast:recv 0;1;2\r\n");
    }

    @Test
    void everySoftwareThatIsClaimedIsHere() {
        List<String> names = Stream.concat(toPublish(), toPlay())
                .map(file -> file.getParent().getFileName() + "/" + file.getFileName())
                .toList();

        for (String software : List.of(
                "chromium-156",
                "firefox-153",
                "gstreamer-1.22",
                "pion-3.1.56",
                "pion-4.2.26",
                "aiortc-1.4.0",
                "libwebrtc-0.14.0",
                "obs-29",
                "obs-30",
                "obs-31",
                "obs-32",
                "ffmpeg-8",
                "libdatachannel",
                "safari")) {
            assertThat(names).anyMatch(name -> name.contains(software));
        }
    }
}
