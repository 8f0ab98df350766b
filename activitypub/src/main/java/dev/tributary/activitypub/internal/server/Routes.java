// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.server;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.internal.actor.ActorDocument;
import dev.tributary.activitypub.internal.actor.Identity;
import dev.tributary.activitypub.internal.federation.Federation;
import dev.tributary.activitypub.internal.inbox.InboxEndpoint;
import dev.tributary.activitypub.internal.live.HostedLives;
import dev.tributary.activitypub.internal.live.StageAccessEndpoint;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Which path does what. */
public final class Routes {
    private final Federation federation;
    private final HostedLives lives;
    private final InboxEndpoint inbox;
    private final StageAccessEndpoint access;
    private final Discovery discovery;
    private final Collections collections;
    private final Served documents = new Served();

    /** Routes to what an instance serves. */
    public Routes(
            Federation federation,
            HostedLives lives,
            InboxEndpoint inbox,
            StageAccessEndpoint access,
            String software,
            String version) {
        this.federation = federation;
        this.lives = lives;
        this.inbox = inbox;
        this.access = access;
        this.discovery = new Discovery(federation, software, version);
        this.collections = new Collections(federation);
    }

    /** True if the path is one of ours; all of ours lie under /ap/, /nodeinfo/ and /.well-known/. */
    public static boolean isOurs(String path) {
        return path.startsWith("/ap/")
                || path.startsWith("/nodeinfo/")
                || path.equals("/.well-known/webfinger")
                || path.equals("/.well-known/nodeinfo")
                || path.equals("/.well-known/host-meta");
    }

    /** Answers a request; a peer's mistakes are answers, ours are failures of the stage. */
    public CompletionStage<HttpResponse> answer(HttpRequest request) {
        Optional<HttpResponse> served = request.method().equals("GET") ? served(request) : Optional.empty();
        if (served.isPresent()) {
            // In memory: no other thread is needed for it.
            return CompletableFuture.completedFuture(served.get());
        }
        return CompletableFuture.supplyAsync(() -> route(request), federation.executor())
                .thenCompose(Function.identity())
                .exceptionally(Answers::failure);
    }

    /** Actors and Videos, which the whole network asks for at the same moment. */
    private Optional<HttpResponse> served(HttpRequest request) {
        String url = federation.urls().base() + request.path();
        Optional<Identity> actor = federation.identities().find(url);
        if (actor.isPresent()) {
            return Optional.of(
                    documents.document(request, actor.get(), () -> ActorDocument.of(actor.get(), federation.urls())));
        }
        return lives.version(url)
                .map(version -> documents.document(
                        request, version, () -> lives.video(url).orElseThrow(Routes::nothingHere)));
    }

    private CompletionStage<HttpResponse> route(HttpRequest request) {
        return switch (request.method()) {
            case "GET", "HEAD" -> CompletableFuture.completedFuture(get(request));
            case "POST" -> post(request);
            case "OPTIONS" ->
                CompletableFuture.completedFuture(HttpResponse.of(204)
                        .with("Allow", "GET, HEAD, POST, OPTIONS")
                        .with("Access-Control-Allow-Origin", "*"));
            default ->
                CompletableFuture.completedFuture(Problem.response(405, "").with("Allow", "GET, HEAD, POST, OPTIONS"));
        };
    }

    private HttpResponse get(HttpRequest request) {
        Optional<HttpResponse> served = served(request);
        if (served.isPresent()) {
            return served.get();
        }
        return switch (request.path()) {
            case "/.well-known/webfinger" -> discovery.webFinger(request.query());
            case "/.well-known/nodeinfo" -> discovery.nodeInfoLinks();
            case "/.well-known/host-meta" -> discovery.hostMeta();
            case "/nodeinfo/2.0" -> discovery.nodeInfo("2.0");
            case "/nodeinfo/2.1" -> discovery.nodeInfo("2.1");
            default -> Answers.document(document(request).orElseThrow(Routes::nothingHere));
        };
    }

    private static ActivityPubException nothingHere() {
        return new ActivityPubException(Reason.NOT_FOUND, "Nothing is served under this path");
    }

    private Optional<ApObject> document(HttpRequest request) {
        String url = federation.urls().base() + request.path();
        if (url.endsWith("/stage")) {
            return lives.video(parent(url))
                    .flatMap(video -> video.object("interactive"))
                    .map(stage -> stage.with("@context", ApObject.CONTEXT));
        }
        if (url.endsWith("/guests")) {
            return lives.guests(parent(url)).map(guests -> collections.guests(url, guests));
        }
        Optional<Identity> owner = federation.identities().find(parent(url));
        return owner.flatMap(identity -> collection(identity.id(), url, request.query()));
    }

    private Optional<ApObject> collection(String actorId, String url, String query) {
        return switch (url.substring(actorId.length())) {
            case "/followers" -> Optional.of(collections.followers(actorId));
            case "/following" -> Optional.of(collections.following(actorId));
            case "/outbox" -> Optional.of(collections.outbox(actorId, query));
            default -> Optional.empty();
        };
    }

    private CompletionStage<HttpResponse> post(HttpRequest request) {
        String url = federation.urls().base() + request.path();
        if (url.equals(federation.urls().sharedInbox())) {
            return inbox.receive(request, "");
        }
        if (url.endsWith("/access")) {
            return access.join(parent(url), request);
        }
        if (url.endsWith("/inbox")) {
            Identity owner = federation.identities().find(parent(url)).orElseThrow(Routes::nothingHere);
            return inbox.receive(request, owner.id());
        }
        throw nothingHere();
    }

    private static String parent(String url) {
        return url.substring(0, url.lastIndexOf('/'));
    }
}
