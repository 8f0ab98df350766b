// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tributary.core.http.OutboundException.Reason;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS against a server whose certificate is for {@code tv.example}, made by the JDK's keytool. */
class GuardedHttpClientTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static SSLContext context;
    private static HttpsServer server;

    @BeforeAll
    static void serveOverTls(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("tv.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "tv",
                        "-dname",
                        "CN=tv.example",
                        "-ext",
                        "SAN=dns:tv.example",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("tv", keys.getCertificate("tv"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] host =
                    exchange.getRequestHeaders().getFirst("Host").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, host.length);
            exchange.getResponseBody().write(host);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static GuardedHttpClient.Builder toLoopback() {
        return GuardedHttpClient.builder()
                .allowPrivateAddresses(true)
                .resolver(host -> List.of(InetAddress.getLoopbackAddress()));
    }

    private static HttpResponse get(GuardedHttpClient client, String host) {
        URI uri = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/");
        return client.send(OutboundRequest.get(uri)).toCompletableFuture().join();
    }

    private static void assertTlsFails(GuardedHttpClient client, String host) {
        assertThatThrownBy(() -> get(client, host))
                .cause()
                .isInstanceOfSatisfying(
                        OutboundException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.TLS_FAILED));
    }

    @Test
    void trustsWhatItsContextTrusts() {
        try (GuardedHttpClient client = toLoopback().sslContext(context).build()) {
            assertThat(get(client, "tv.example").status()).isEqualTo(200);
        }
    }

    @Test
    void refusesACertificateOfAnotherHost() {
        try (GuardedHttpClient client = toLoopback().sslContext(context).build()) {
            assertTlsFails(client, "other.example");
        }
    }

    @Test
    void refusesACertificateThatNobodyVouchesFor() {
        try (GuardedHttpClient client = toLoopback().build()) {
            assertTlsFails(client, "tv.example");
        }
    }
}
