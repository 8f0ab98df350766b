// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesTest {
    private static final Resources SERVED = Resources.from(ResourcesTest.class, "META-INF/resources/served");

    private static HttpResponse ask(HttpHandler handler, String method, String path, String... headers) {
        return handler.handle(new HttpRequest(
                        method, path, "", HttpHeaders.of(headers), new byte[0], new InetSocketAddress("127.0.0.1", 1)))
                .toCompletableFuture()
                .join();
    }

    private static String text(HttpResponse response) {
        return new String(((HttpBody.Bytes) response.body()).bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void servesFilesWithTheirType() {
        HttpResponse script = ask(SERVED, "GET", "/a.js");

        assertThat(script.status()).isEqualTo(200);
        assertThat(text(script)).isEqualTo("export {};");
        assertThat(script.headers().first("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(script.headers().first("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void servesTheIndexOfAFolder() {
        assertThat(text(ask(SERVED, "GET", "/"))).contains("Home");
        assertThat(text(ask(SERVED, "GET", "/sub/"))).isEqualTo("sub");
        assertThat(ask(SERVED, "GET", "/sub").status()).isEqualTo(404);
    }

    @Test
    void servesUnderAPrefixThatIsNotPartOfTheName() {
        Resources mounted = SERVED.under("/assets");

        assertThat(ask(mounted, "GET", "/assets/a.js").status()).isEqualTo(200);
        assertThat(ask(mounted, "GET", "/a.js").status()).isEqualTo(404);
        assertThat(ask(mounted, "GET", "/assets").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../outside.txt",
                "/sub/../../outside.txt",
                "/%2e%2e/outside.txt",
                "/..%2foutside.txt",
                "/..\\outside.txt",
                "/%5c..%5coutside.txt",
                "//outside.txt",
                "//META-INF/resources/outside.txt",
                "/./a.js",
                "/sub//index.html",
                "/.hidden.txt",
                "/sub/.hidden.txt",
                "/a.js%00.html",
                "/a.js/",
                "/folder.d",
                "/folder.d/",
                "/sub",
                "/a.js;x=1",
                "/a .js",
                "/C:/a.js",
                "/file:/etc/passwd.txt",
                "/nosuch.js"
            })
    void servesNothingElse(String path) {
        HttpResponse response = ask(SERVED, "GET", path);

        assertThat(response.status()).isEqualTo(404);
        assertThat(text(response)).doesNotContain("secret").doesNotContain("hidden");
    }

    @Test
    void refusesAPathThatIsTooLongWithoutMatchingIt() {
        assertThat(ask(SERVED, "GET", "/" + "a".repeat(100_000) + ".js").status())
                .isEqualTo(404);
        assertThat(ask(SERVED, "GET", "/" + "a.".repeat(255)).status()).isEqualTo(404);
    }

    @Test
    void answersNotModifiedToTheTagItGave() {
        String tag = ask(SERVED, "GET", "/a.js").headers().first("ETag").orElseThrow();

        assertThat(tag).matches("\"[A-Za-z0-9_-]{16}\"");
        assertThat(ask(SERVED, "GET", "/a.js", "If-None-Match", tag).status()).isEqualTo(304);
        assertThat(ask(SERVED, "GET", "/a.js", "If-None-Match", "\"other\", W/" + tag)
                        .status())
                .isEqualTo(304);
        assertThat(ask(SERVED, "GET", "/a.js", "If-None-Match", "\"other\"").status())
                .isEqualTo(200);
        assertThat(ask(SERVED, "GET", "/index.html").headers().first("ETag")).isNotEqualTo(tag);
    }

    @Test
    void readsOnly() {
        HttpResponse response = ask(SERVED, "PUT", "/a.js");

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers().first("Allow")).contains("GET, HEAD");
    }

    @Test
    void addsTheHeaderFieldsItIsGiven() {
        Resources open = SERVED.with("Access-Control-Allow-Origin", "*");

        assertThat(ask(open, "GET", "/a.js").headers().first("Access-Control-Allow-Origin"))
                .contains("*");
    }

    @Test
    void servesFromAJarButNotItsFolders(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("site.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("site/"));
            zip.putNextEntry(new ZipEntry("site/dir.d/"));
            zip.putNextEntry(new ZipEntry("site/page.html"));
            zip.write("page".getBytes(StandardCharsets.UTF_8));
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            Resources site = Resources.from(loader, "site");

            assertThat(text(ask(site, "GET", "/page.html"))).isEqualTo("page");
            assertThat(ask(site, "GET", "/dir.d").status()).isEqualTo(404);
        }
    }
}
