// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.fetch;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.internal.signature.SignableRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.Predicate;

/** What an id or a link of a peer may look like. Addresses are the HTTP client's business, syntax is ours. */
public final class RemoteUrl {
    private final Limits limits;
    private final boolean plainHttp;
    private final Predicate<String> blocked;

    /**
     * A check.
     *
     * @param plainHttp http is good enough, as between two servers on one machine
     */
    public RemoteUrl(Limits limits, boolean plainHttp) {
        this(limits, plainHttp, authority -> false);
    }

    /** A check that also says whom we do not talk to, by host and non-default port. */
    public RemoteUrl(Limits limits, boolean plainHttp, Predicate<String> blocked) {
        this.limits = limits;
        this.plainHttp = plainHttp;
        this.blocked = blocked;
    }

    /** True if we neither ask nor tell the host of an acceptable URL anything. */
    public boolean isBlocked(URI uri) {
        return blocked.test(
                SignableRequest.authority(uri.getScheme().toLowerCase(Locale.ROOT), uri.getHost(), uri.getPort()));
    }

    /**
     * Reads a URL that we may fetch or send to.
     *
     * @throws ActivityPubException MALFORMED if it is anything else
     */
    public URI check(String url) {
        URI uri;
        try {
            uri = new URI(url.length() > limits.urlLength() ? "" : url);
        } catch (URISyntaxException e) {
            throw new ActivityPubException(Reason.MALFORMED, "Not a URL", e);
        }
        boolean scheme = "https".equals(uri.getScheme()) || plainHttp && "http".equals(uri.getScheme());
        // Letters beyond ASCII belong into a URL percent-encoded, and into a host as punycode.
        boolean ascii = url.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (!scheme || !ascii || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getPort() == 0) {
            throw new ActivityPubException(Reason.MALFORMED, "Not an https URL of an actor or object");
        }
        return uri;
    }

    /** True if {@link #check} passes. */
    public boolean isAcceptable(String url) {
        try {
            check(url);
            return true;
        } catch (ActivityPubException e) {
            return false;
        }
    }

    /** Scheme, host and port of a URL that was checked. */
    public static String origin(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        return scheme + "://" + SignableRequest.authority(scheme, uri.getHost(), uri.getPort());
    }

    /** The origin of a URL; empty, which equals no origin, when it is none that we accept. */
    public String origin(String url) {
        try {
            return origin(check(url));
        } catch (ActivityPubException e) {
            return "";
        }
    }

    /** True if both are acceptable URLs of one origin. */
    public boolean sameOrigin(String one, String other) {
        String origin = origin(one);
        return !origin.isEmpty() && origin.equals(origin(other));
    }

    /** The scheme with which an account's host is asked: https, but for hosts with a port on a plain-http network. */
    public String schemeFor(String authority) {
        boolean loopback = authority.equals("localhost") || authority.startsWith("127.");
        return plainHttp && (loopback || authority.contains(":")) ? "http" : "https";
    }
}
