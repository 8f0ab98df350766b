// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.actor;

import dev.tributary.activitypub.LocalActor.Kind;
import dev.tributary.activitypub.internal.signature.SignableRequest;
import java.net.URI;
import java.util.Locale;
import java.util.UUID;

/** The URLs of this instance. They are ids that peers keep for ever: their shape does not change. */
public final class Urls {
    private final String base;
    private final String authority;

    /** URLs under a base: scheme, host and port. */
    public Urls(String baseUrl) {
        URI uri = URI.create(baseUrl);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean rooted = uri.getRawPath() == null
                || uri.getRawPath().isEmpty()
                || uri.getRawPath().equals("/");
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null || !rooted) {
            throw new IllegalArgumentException("Not a base URL: " + baseUrl + "; expected https://host[:port]");
        }
        this.authority = SignableRequest.authority(scheme, uri.getHost(), uri.getPort());
        this.base = scheme + "://" + authority;
    }

    /** Scheme, host and port. */
    public String base() {
        return base;
    }

    /** Host and non-default port: the right half of our accounts' addresses. */
    public String authority() {
        return authority;
    }

    /** The id of an actor. */
    public String actor(Kind kind, String username) {
        return switch (kind) {
            case PERSON -> base + "/ap/u/" + username;
            case CHANNEL -> base + "/ap/c/" + username;
            case INSTANCE -> base + "/ap/actor";
        };
    }

    /** Where everything goes that is meant for many. */
    public String sharedInbox() {
        return base + "/ap/inbox";
    }

    /** An id for a new activity. */
    public String activity() {
        return base + "/ap/activities/" + UUID.randomUUID();
    }

    /** The id of a live. */
    public String video(String uuid) {
        return base + "/ap/videos/" + uuid;
    }

    /** True if a URL is one of ours. */
    public boolean isOurs(String url) {
        return url.startsWith(base + "/");
    }

    /** The path of one of our URLs. */
    public String path(String url) {
        return url.substring(base.length());
    }
}
