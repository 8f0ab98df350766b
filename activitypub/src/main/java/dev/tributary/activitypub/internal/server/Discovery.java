// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.server;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.LocalActor.Kind;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** WebFinger (RFC 7033), NodeInfo with the link to the Application actor (FEP-2677), and host-meta. */
final class Discovery {
    private static final String NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/";
    private static final String APPLICATION = "https://www.w3.org/ns/activitystreams#Application";

    private final Federation federation;
    private final String software;
    private final String version;

    Discovery(Federation federation, String software, String version) {
        this.federation = federation;
        this.software = software;
        this.version = version;
    }

    HttpResponse webFinger(String query) {
        String resource = parameter(query, "resource");
        if (resource.isEmpty()) {
            return Problem.response(400, "WebFinger needs a resource.");
        }
        Optional<Identity> found = resource.startsWith("acct:") ? account(resource.substring(5)) : byUrl(resource);
        if (found.isEmpty()) {
            return Problem.response(404, "").with("Access-Control-Allow-Origin", "*");
        }
        Identity identity = found.get();
        ApObject jrd = ApObject.of(Map.of())
                .with("subject", "acct:" + identity.actor().address())
                .with("aliases", List.of(identity.id()))
                .with(
                        "links",
                        List.of(
                                Map.of("rel", "self", "type", Answers.ACTIVITY_JSON, "href", identity.id()),
                                Map.of(
                                        "rel", "http://webfinger.net/rel/profile-page",
                                        "type", "text/html",
                                        "href", identity.id())));
        return Answers.json("application/jrd+json", jrd);
    }

    private Optional<Identity> account(String account) {
        int at = account.lastIndexOf('@');
        if (at <= 0
                || !account.substring(at + 1).equalsIgnoreCase(federation.urls().authority())) {
            return Optional.empty();
        }
        String name = account.substring(0, at);
        // PeerTube looks for an instance under this name when it finds no NodeInfo link.
        return name.equals("peertube")
                ? Optional.of(federation.instance())
                : federation.identities().byUsername(name);
    }

    private Optional<Identity> byUrl(String url) {
        String base = federation.urls().base();
        // FEP-d556: the host itself stands for its Application actor.
        return url.equals(base) || url.equals(base + "/")
                ? Optional.of(federation.instance())
                : federation.identities().find(url);
    }

    HttpResponse nodeInfoLinks() {
        String base = federation.urls().base();
        ApObject links = ApObject.of(Map.of(
                "links",
                List.of(
                        Map.of("rel", NODEINFO + "2.1", "href", base + "/nodeinfo/2.1"),
                        Map.of("rel", NODEINFO + "2.0", "href", base + "/nodeinfo/2.0"),
                        Map.of("rel", APPLICATION, "href", federation.instance().id()))));
        return Answers.json("application/json", links);
    }

    HttpResponse nodeInfo(String schema) {
        long users = federation.identities().all().stream()
                .filter(identity -> identity.actor().kind() == Kind.PERSON)
                .count();
        ApObject document = ApObject.of(Map.of(
                "version",
                schema,
                "software",
                Map.of("name", software, "version", version),
                "protocols",
                List.of("activitypub"),
                "services",
                Map.of("inbound", List.of(), "outbound", List.of()),
                "openRegistrations",
                false,
                "usage",
                Map.of("users", Map.of("total", users), "localPosts", 0L, "localComments", 0L),
                "metadata",
                Map.of()));
        return Answers.json("application/json; profile=\"" + NODEINFO + schema + "#\"", document);
    }

    HttpResponse hostMeta() {
        String template = federation.urls().base() + "/.well-known/webfinger?resource={uri}";
        return HttpResponse.of(
                        200,
                        "application/xrd+xml",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">"
                                + "<Link rel=\"lrdd\" template=\"" + template + "\"/></XRD>")
                .with("Access-Control-Allow-Origin", "*");
    }

    static String parameter(String query, String name) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                try {
                    return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    return "";
                }
            }
        }
        return "";
    }
}
