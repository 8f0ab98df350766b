// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Several handlers under one roof: a request goes to the handler with the longest prefix that fits its path. Prefixes
 * fit whole segments: {@code /live} takes {@code /live} and {@code /live/a}, not {@code /lively}. Immutable and
 * thread-safe.
 *
 * <p>The path is <em>not</em> shortened: a handler sees what the peer asked for, because signatures cover it and
 * {@code Location} fields are made from it. A request that fits no prefix is answered 404.
 */
public final class Mounts implements HttpHandler {
    /** No handlers. */
    public static final Mounts NONE = new Mounts(List.of());

    private final List<Mount> longestFirst;

    private record Mount(String prefix, HttpHandler handler) {
        boolean fits(String path) {
            return path.startsWith(prefix)
                    && (path.length() == prefix.length()
                            || prefix.endsWith("/")
                            || path.charAt(prefix.length()) == '/');
        }
    }

    private Mounts(List<Mount> longestFirst) {
        this.longestFirst = longestFirst;
    }

    /**
     * These handlers and one more.
     *
     * @param prefix begins with a slash; {@code /} takes everything that nobody else takes
     * @throws IllegalArgumentException if the prefix does not begin with a slash or is taken
     */
    public Mounts mount(String prefix, HttpHandler handler) {
        if (!prefix.startsWith("/")) {
            throw new IllegalArgumentException("A prefix begins with a slash, got " + prefix);
        }
        List<Mount> mounts = new ArrayList<>(longestFirst);
        for (Mount mount : mounts) {
            if (mount.prefix.equals(prefix)) {
                throw new IllegalArgumentException("The prefix " + prefix + " is taken");
            }
        }
        mounts.add(new Mount(prefix, handler));
        mounts.sort(Comparator.comparingInt((Mount mount) -> -mount.prefix.length()));
        return new Mounts(List.copyOf(mounts));
    }

    @Override
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        for (Mount mount : longestFirst) {
            if (mount.fits(request.path())) {
                return mount.handler.handle(request);
            }
        }
        return CompletableFuture.completedFuture(Problem.response(404, "Nothing is served under this path."));
    }
}
