// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Headless Firefox, driven by itself over W3C WebDriver BiDi: it needs no driver beside it. */
public final class Firefox implements Browser {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PREFERENCES = """
        user_pref("media.navigator.streams.fake", true);
        user_pref("media.navigator.permission.disabled", true);
        user_pref("media.autoplay.default", 0);
        user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
        user_pref("media.peerconnection.ice.loopback", true);
        user_pref("media.gmp-provider.enabled", false);
        user_pref("app.update.enabled", false);
        user_pref("datareporting.policy.dataSubmissionEnabled", false);
        user_pref("network.captive-portal-service.enabled", false);
        user_pref("network.connectivity-service.enabled", false);
        user_pref("services.settings.server", "data:,");
        """;

    private final Process process;
    private final Map<Integer, CompletableFuture<JsonNode>> replies = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private WebSocket socket;
    private String context = "";

    private Firefox(Process process) {
        this.process = process;
    }

    public static boolean isInstalled() {
        return Browser.program("firefox-esr").isPresent();
    }

    public static Firefox start() {
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Path profile = Files.createTempDirectory("firefox");
            Files.writeString(profile.resolve("user.js"), PREFERENCES);
            ProcessBuilder builder = new ProcessBuilder(
                    "firefox-esr",
                    "--headless",
                    "--no-remote",
                    "--profile",
                    profile.toString(),
                    "--remote-debugging-port=" + port);
            builder.environment().put("HOME", profile.toString());
            builder.environment().put("MOZ_DISABLE_CONTENT_SANDBOX", "1");
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(profile.resolve("log.txt").toFile())
                    .start();
            Firefox firefox = new Firefox(process);
            firefox.connect(URI.create("ws://127.0.0.1:" + port + "/session"));
            return firefox;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connect(URI address) {
        HttpClient http = HttpClient.newHttpClient();
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (socket == null) {
            try {
                socket = http.newWebSocketBuilder()
                        .buildAsync(address, new Listener())
                        .get(10, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("Firefox does not answer on " + address, e);
                }
                java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        call("session.new", Map.of("capabilities", Map.of()));
        context = call("browsingContext.create", Map.of("type", "tab"))
                .get("context")
                .asString();
    }

    @Override
    public void open(String url) {
        call("browsingContext.navigate", Map.of("context", context, "url", url, "wait", "complete"));
    }

    @Override
    public JsonNode evaluate(String expression) {
        // JSON carries the value home, so that objects need no description of their own.
        JsonNode result = call(
                "script.evaluate",
                Map.of(
                        "expression",
                        "Promise.resolve().then(() => (" + expression + ")).then((v) => JSON.stringify(v ?? null))",
                        "awaitPromise",
                        true,
                        "target",
                        Map.of("context", context)));
        if (!result.get("type").asString().equals("success")) {
            throw new AssertionError(expression + ": " + result);
        }
        return JSON.readTree(result.get("result").get("value").asString());
    }

    @Override
    public void close() {
        try {
            call("browser.close", Map.of());
        } catch (RuntimeException | AssertionError e) {
            // The process is ended below in any case.
        }
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        replies.put(id, reply);
        try {
            socket.sendText(JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                    .get(10, TimeUnit.SECONDS);
            return reply.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(method + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = JSON.readTree(text.toString());
                text.setLength(0);
                CompletableFuture<JsonNode> waiting =
                        message.has("id") ? replies.remove(message.get("id").asInt()) : null;
                if (waiting != null && message.has("result")) {
                    waiting.complete(message.get("result"));
                } else if (waiting != null) {
                    waiting.completeExceptionally(new IllegalStateException(message.toString()));
                }
            }
            webSocket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
