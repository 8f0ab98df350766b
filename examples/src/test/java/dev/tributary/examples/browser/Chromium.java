// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import dev.tributary.testkit.foreign.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Headless Chromium, driven by its own driver over W3C WebDriver. */
public final class Chromium implements Browser {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process driver;
    private final URI base;
    private String session = "";

    private Chromium(Process driver, URI base) {
        this.driver = driver;
        this.base = base;
    }

    public static boolean isInstalled() {
        return Browser.program("chromium").isPresent()
                && Browser.program("chromedriver").isPresent();
    }

    /** Starts one, with more flags if a test needs them. */
    public static Chromium start(String... moreFlags) {
        int port = freePort();
        return start(List.of("chromedriver", "--port=" + port), URI.create("http://127.0.0.1:" + port), moreFlags);
    }

    /** Starts one in another network, which we reach under an address of it. */
    public static Chromium startIn(NetworkNamespace network, String address, String... moreFlags) {
        int port = freePort();
        List<String> command = List.of("chromedriver", "--port=" + port, "--allowed-ips=", "--allowed-origins=*");
        String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return start(network.command(command), URI.create("http://" + host + ":" + port), moreFlags);
    }

    private static Chromium start(List<String> command, URI base, String... moreFlags) {
        try {
            Path log = Files.createTempFile("chromedriver", ".log");
            Process driver = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Chromium chromium = new Chromium(driver, base);
            chromium.awaitDriver();
            chromium.begin(List.of(moreFlags));
            return chromium;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(List<String> moreFlags) throws IOException {
        Path profile = Files.createTempDirectory("chromium");
        List<String> flags = new ArrayList<>(moreFlags);
        flags.addAll(List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--mute-audio",
                "--autoplay-policy=no-user-gesture-required",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                "--disable-features=WebRtcHideLocalIpsWithMdns",
                "--allow-loopback-in-peer-connection",
                "--user-data-dir=" + profile));
        JsonNode reply = call(
                "POST",
                "/session",
                Map.of(
                        "capabilities",
                        Map.of(
                                "alwaysMatch",
                                Map.of(
                                        "goog:chromeOptions",
                                        Map.of(
                                                "args",
                                                flags,
                                                "binary",
                                                Browser.program("chromium")
                                                        .orElseThrow()
                                                        .toString()),
                                        "goog:loggingPrefs",
                                        Map.of("browser", "ALL")))));
        session = reply.get("sessionId").asString();
    }

    @Override
    public void open(String url) {
        call("POST", "/session/" + session + "/url", Map.of("url", url));
    }

    @Override
    public JsonNode evaluate(String expression) {
        String script = "const done = arguments[arguments.length - 1];" + "Promise.resolve().then(() => (" + expression
                + ")).then(done, (e) => done('failed: ' + e));";
        return call("POST", "/session/" + session + "/execute/async", Map.of("script", script, "args", List.of()));
    }

    /** What the page wrote to its console so far; for the message of a test that fails. */
    String console() {
        return call("POST", "/session/" + session + "/se/log", Map.of("type", "browser"))
                .toPrettyString();
    }

    @Override
    public void close() {
        try {
            call("DELETE", "/session/" + session, Map.of());
        } catch (RuntimeException | AssertionError e) {
            // The process is ended below in any case.
        }
        driver.destroy();
        try {
            if (!driver.waitFor(5, TimeUnit.SECONDS)) {
                driver.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitDriver() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                if (call("GET", "/status", Map.of()).get("ready").asBoolean()) {
                    return;
                }
            } catch (UncheckedIOException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    private JsonNode call(String method, String path, Map<String, ?> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60));
        request.method(
                method,
                method.equals("POST")
                        ? BodyPublishers.ofString(JSON.writeValueAsString(body))
                        : BodyPublishers.noBody());
        try {
            JsonNode reply = JSON.readTree(
                    HTTP.send(request.build(), BodyHandlers.ofString()).body());
            JsonNode value = reply.get("value");
            if (value != null && value.has("error")) {
                throw new AssertionError(path + ": " + value.get("message").asString());
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
