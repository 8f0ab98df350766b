// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.server;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.internal.signature.Digests;
import dev.tributary.core.http.HttpBody;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Documents as they were last written, so that a thousand servers that ask for one actor cost one serialisation. An entry
 * is good as long as what it was made from is the very same; nothing has to be told that something changed. Bounded, the
 * least recently used goes first. Thread-safe.
 */
final class Served {
    private static final int CAPACITY = 2_000;

    private record Kept(Object source, HttpResponse response, HttpResponse unchanged, String tag) {}

    private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);

    /**
     * The response for a document.
     *
     * @param source what the document is made from; compared with {@code equals}
     */
    HttpResponse document(HttpRequest request, Object source, Supplier<ApObject> document) {
        String path = request.path();
        @Nullable Kept known;
        synchronized (kept) {
            known = kept.get(path);
        }
        if (known == null || !known.source().equals(source)) {
            known = write(source, document.get());
            synchronized (kept) {
                kept.put(path, known);
                if (kept.size() > CAPACITY) {
                    kept.remove(kept.keySet().iterator().next());
                }
            }
        }
        boolean same = request.header("If-None-Match").orElse("").equals(known.tag());
        return same ? known.unchanged() : known.response();
    }

    private static Kept write(Object source, ApObject document) {
        HttpResponse response = Answers.document(document);
        byte[] bytes = response.body() instanceof HttpBody.Bytes whole ? whole.bytes() : new byte[0];
        String tag = "\"" + HexFormat.of().formatHex(Digests.sha256(bytes), 0, 12) + "\"";
        HttpResponse unchanged = HttpResponse.of(304)
                .with("ETag", tag)
                .with("Vary", Answers.VARY)
                .with("Cache-Control", Answers.CACHED);
        return new Kept(source, response.with("ETag", tag).with("Cache-Control", Answers.CACHED), unchanged, tag);
    }
}
