// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.Invitation;
import dev.tributary.activitypub.InviteState;
import dev.tributary.activitypub.LiveStream;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpRequest;
import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.Problem;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The JSON API of the pages, under {@code /api}. Thread-safe. */
final class Api implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String BEARER = "Bearer ";

    private final ActivityPub fediverse;
    private final Accounts accounts;
    private final SignInWithoutPassword signIns;
    private final Neighbourhood neighbourhood;
    private final LiveGlue glue;
    private final Numbers numbers;
    private final String authority;
    private final Executor executor;

    Api(
            ActivityPub fediverse,
            Accounts accounts,
            SignInWithoutPassword signIns,
            Neighbourhood neighbourhood,
            LiveGlue glue,
            Numbers numbers,
            String authority,
            Executor executor) {
        this.fediverse = fediverse;
        this.accounts = accounts;
        this.signIns = signIns;
        this.neighbourhood = neighbourhood;
        this.glue = glue;
        this.numbers = numbers;
        this.authority = authority;
        this.executor = executor;
    }

    private record Lives(String instance, List<Live> lives) {}

    private record Live(String room, String title, String state, boolean local, String owner, String instance) {}

    private record AccountNames(List<String> accounts, String instance) {}

    private record SignIn(String name) {}

    private record SignedIn(String name, String label, String instance, String token) {}

    private record Invite(String guest) {}

    private record Invitations(List<Invited> invitations) {}

    private record Invited(String id, String host, String title, String room, String state) {}

    /** A request that cannot be granted. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(int status, String detail) {
            super(detail);
            this.status = status;
        }
    }

    @Override
    public CompletionStage<HttpResponse> handle(HttpRequest request) {
        // On an executor, because the store behind some of it may block.
        return CompletableFuture.supplyAsync(() -> route(request), executor)
                .thenCompose(Function.identity())
                .exceptionally(Api::problem);
    }

    private CompletionStage<HttpResponse> route(HttpRequest request) {
        String[] segments = request.path().substring(1).split("/", 8);
        String what = segments.length > 1 ? segments[1] : "";
        String which = segments.length > 2 ? URLDecoder.decode(segments[2], StandardCharsets.UTF_8) : "";
        String verb = segments.length > 3 ? segments[3] : "";
        return switch (request.method() + " " + what + (verb.isEmpty() ? "" : "/" + verb)) {
            case "GET lives" -> json(lives());
            case "GET accounts" ->
                json(new AccountNames(accounts.all().stream().map(Account::name).toList(), authority));
            case "GET invitations" -> json(invitations(account(request)));
            case "GET numbers" -> CompletableFuture.completedFuture(numbers.stream());
            case "POST sign-in" -> json(signIn(read(request, SignIn.class).name()));
            case "POST lives/end" -> end(account(request), which);
            case "POST lives/invite" ->
                invite(account(request), which, read(request, Invite.class).guest());
            case "POST invitations/accept" -> accept(account(request), which);
            default -> throw new Refused(404, "Nothing is served here. See examples/README.md for the API.");
        };
    }

    // ---- who ----

    private SignedIn signIn(String name) {
        String token = signIns.signIn(name)
                .orElseThrow(() -> new Refused(
                        404,
                        "There is no account " + name + " here. Choose one of "
                                + accounts.all().stream().map(Account::name).toList()));
        Account account = accounts.find(name).orElseThrow();
        return new SignedIn(name, account.label(), authority, token);
    }

    private Account account(HttpRequest request) {
        return request.header("Authorization")
                .filter(value -> value.startsWith(BEARER))
                .flatMap(value -> signIns.account(value.substring(BEARER.length())))
                .orElseThrow(() -> new Refused(401, "Sign in first, and send the token as a bearer token."));
    }

    // ---- lives ----

    private Lives lives() {
        List<Live> lives = new ArrayList<>();
        for (LiveStream live : fediverse.hostedLives()) {
            Account owner =
                    accounts.find(live.description().person().username()).orElse(null);
            if (owner != null) {
                lives.add(new Live(
                        owner.name(), live.description().name(), live.state().word(), true, owner.label(), authority));
            }
        }
        for (RemoteLive live : neighbourhood.lives()) {
            String room = neighbourhood.room(live).orElseThrow();
            String instance = URI.create(live.id()).getRawAuthority();
            lives.add(new Live(room, live.name(), neighbourhood.state(live).word(), false, room, instance));
        }
        return new Lives(authority, lives);
    }

    private LiveStream ownLive(Account account, String room) {
        if (!room.equals(account.name())) {
            throw new Refused(403, "Only the host of a stream may do this, and you are " + account.name() + ".");
        }
        return glue.live(room).orElseThrow(() -> new Refused(409, "You are not live. Press Go live first."));
    }

    private CompletionStage<HttpResponse> end(Account account, String room) {
        LiveStream live = ownLive(account, room);
        return glue.end(room)
                .thenCompose(ended -> json(Map.of("state", live.state().word())));
    }

    private CompletionStage<HttpResponse> invite(Account account, String room, String guest) {
        LiveStream live = ownLive(account, room);
        if (!live.state().isOnAir()) {
            throw new Refused(409, "Your stream has ended. Go live, then invite.");
        }
        return live.invite(guest.startsWith("@") ? guest.substring(1) : guest)
                .thenCompose(invite -> json(Map.of(
                        "id", invite.id(),
                        "guest", invite.guestAddress(),
                        "state", invite.state().name().toLowerCase(java.util.Locale.ROOT))));
    }

    // ---- invitations ----

    private Invitations invitations(Account account) {
        return new Invitations(fediverse.invitations().stream()
                .filter(invitation ->
                        invitation.guest().id().equals(account.person().id()))
                .filter(invitation -> invitation.state().isOpen() || invitation.state() == InviteState.ACCEPTED)
                .filter(invitation -> neighbourhood.room(invitation.live()).isPresent())
                .map(this::invited)
                .toList());
    }

    private Invited invited(Invitation invitation) {
        String room = neighbourhood.room(invitation.live()).orElseThrow();
        String state = invitation.state().isOpen() ? "open" : "accepted";
        return new Invited(invitation.id(), room, invitation.live().name(), room, state);
    }

    private CompletionStage<HttpResponse> accept(Account account, String id) {
        Invitation invitation = fediverse.invitations().stream()
                .filter(candidate -> candidate.id().equals(id)
                        && candidate.guest().id().equals(account.person().id()))
                .findFirst()
                .orElseThrow(() -> new Refused(404, "You have no such invitation. Ask the host for a new one."));
        try {
            invitation.accept();
        } catch (IllegalStateException over) {
            throw new Refused(409, over.getMessage() + ". Ask the host for a new one.");
        }
        return json(Map.of("id", id, "state", "accepted"));
    }

    // ---- JSON ----

    private static <T> T read(HttpRequest request, Class<T> shape) {
        try {
            T value = JSON.readValue(request.body(), shape);
            if (value != null) {
                return value;
            }
        } catch (JacksonException e) {
            LOG.debug("Unreadable body", e);
        }
        throw new Refused(400, "The body is not the JSON object that this request takes. See examples/README.md.");
    }

    private static CompletionStage<HttpResponse> json(Object value) {
        return CompletableFuture.completedFuture(HttpResponse.of(200, "application/json", JSON.writeValueAsBytes(value))
                .with("Cache-Control", "no-store"));
    }

    private static HttpResponse problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refused refused) {
            return Problem.response(refused.status, String.valueOf(refused.getMessage()));
        }
        if (cause instanceof ActivityPubException peer) {
            String detail = peer.getMessage() + ".";
            return switch (peer.reason()) {
                case MALFORMED -> Problem.response(400, detail + " An address looks like bob@localhost:8082.");
                case NOT_FOUND, GONE -> Problem.response(404, detail + " Check the address.");
                case REFUSED, NOT_AUTHORIZED -> Problem.response(409, detail);
                default -> Problem.response(502, detail + " Check that the other instance runs, and try again.");
            };
        }
        LOG.error("A request to the API failed", cause);
        return Problem.response(500, "Something broke on this side; the server's log says what.");
    }
}
