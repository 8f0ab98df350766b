// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import dev.tributary.core.internal.http.ResourceFile;
import dev.tributary.core.internal.http.ResourcePath;
import java.io.IOException;
import java.net.URL;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves files that lie in a jar or a class folder: pages, scripts, styles. The path of a request is the path of the file
 * under the root; a path that ends with a slash means {@code index.html} there. Immutable and thread-safe.
 *
 * <pre>{@code
 * HttpServer.bind(8080).mount("/tributary", Resources.from(Stage.class, "META-INF/resources")).start();
 * // GET /tributary/stage.js answers META-INF/resources/tributary/stage.js
 * }</pre>
 *
 * <p>Only names of letters, digits and {@code -_.~+@} are served, none that begins with a dot, and only files with an
 * extension: so no path leads out of the root or shows a directory. Answers carry a strong {@code ETag} and are
 * revalidated each time, {@code If-None-Match} is answered 304.
 */
public final class Resources implements HttpHandler {
    /** Files up to this size are kept in memory once they were asked for; there are only as many as the jar holds. */
    private static final int CACHED_BYTES_MAX = 1 << 20;

    private static final int CACHED_FILES_MAX = 512;

    private final ClassLoader loader;
    private final String root;
    private final String prefix;
    private final HttpHeaders headers;
    private final Map<String, ResourceFile> cache = new ConcurrentHashMap<>();

    private Resources(ClassLoader loader, String root, String prefix, HttpHeaders headers) {
        this.loader = loader;
        this.root = root;
        this.prefix = prefix;
        this.headers = headers;
    }

    /** The files under a folder of the jar or class folder that a class is from. */
    public static Resources from(Class<?> neighbour, String folder) {
        ClassLoader loader = neighbour.getClassLoader();
        return from(loader == null ? ClassLoader.getSystemClassLoader() : loader, folder);
    }

    /**
     * The files under a folder as a class loader sees them. On the module path it sees a folder of a named module only if
     * its name is not a package's, as with {@code META-INF/resources}.
     */
    public static Resources from(ClassLoader loader, String folder) {
        String root = folder.endsWith("/") ? folder : folder + "/";
        return new Resources(loader, root.startsWith("/") ? root.substring(1) : root, "/", HttpHeaders.EMPTY);
    }

    /** The same files under a path prefix that is not part of their names: {@code /assets/a.js} is {@code a.js}. */
    public Resources under(String pathPrefix) {
        if (!pathPrefix.startsWith("/")) {
            throw new IllegalArgumentException("A prefix begins with a slash, got " + pathPrefix);
        }
        return new Resources(loader, root, pathPrefix.endsWith("/") ? pathPrefix : pathPrefix + "/", headers);
    }

    /**
     * The same files, each answer with one more header field: for example {@code Access-Control-Allow-Origin: *} for a
     * script that other sites load as a module.
     */
    public Resources with(String name, String value) {
        return new Resources(loader, root, prefix, headers.with(name, value));
    }

    @Override
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        return CompletableFuture.completedFuture(answer(request));
    }

    private HttpResponse answer(HttpRequest request) {
        String name = ResourcePath.name(request.path(), prefix);
        ResourceFile file = name.isEmpty() ? null : load(name);
        if (file == null) {
            return Problem.response(404, "There is no such file.");
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Problem.response(405, "Files are only read.").with("Allow", "GET, HEAD");
        }
        Optional<String> known = request.header("If-None-Match");
        boolean same = known.isPresent()
                && Arrays.stream(known.get().split(",", 50))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(tag -> tag.equals("*") || tag.equals(file.etag()));
        HttpResponse response = same
                ? HttpResponse.of(304)
                : HttpResponse.of(200, file.contentType(), file.bytes()).with("X-Content-Type-Options", "nosniff");
        response = response.with("ETag", file.etag()).with("Cache-Control", "no-cache");
        for (Map.Entry<String, String> field : headers.entries()) {
            response = response.with(field.getKey(), field.getValue());
        }
        return response;
    }

    private @Nullable ResourceFile load(String name) {
        ResourceFile cached = cache.get(name);
        if (cached != null) {
            return cached;
        }
        URL url = loader.getResource(root + name);
        try {
            ResourceFile file = url == null ? null : ResourceFile.read(url, name);
            if (file != null && file.bytes().length <= CACHED_BYTES_MAX && cache.size() < CACHED_FILES_MAX) {
                cache.put(name, file);
            }
            return file;
        } catch (IOException unreadable) {
            return null;
        }
    }
}
