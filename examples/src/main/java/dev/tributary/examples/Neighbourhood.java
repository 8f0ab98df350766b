// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.core.http.HttpClient;
import dev.tributary.core.http.OutboundRequest;
import dev.tributary.sfu.Upstream;
import dev.tributary.whipwhep.spi.Refusal;
import dev.tributary.whipwhep.spi.WhipWhepException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/**
 * The streams of other instances under the names that they have here: the live of alice on tv.example is the room
 * {@code alice@tv.example}. Says where such a room is pulled from. Thread-safe.
 */
final class Neighbourhood implements Upstream.Resolver {
    private final ActivityPub fediverse;
    private final HttpClient http;
    private final Executor executor;
    private final String authority;
    private final Map<String, String> roomByLive = new ConcurrentHashMap<>();
    private final Map<String, Integer> endedEpochs = new ConcurrentHashMap<>();

    Neighbourhood(ActivityPub fediverse, HttpClient http, Executor executor, String authority) {
        this.fediverse = fediverse;
        this.http = http;
        this.executor = executor;
        this.authority = authority;
    }

    /** Finds out what the room of a live is called: by the address of its owner. */
    CompletionStage<String> learn(RemoteLive live) {
        return fediverse.lookup(live.personId()).thenApply(person -> {
            roomByLive.put(live.id(), nameHere(person.address()));
            return nameHere(person.address());
        });
    }

    private String nameHere(String address) {
        String own = "@" + authority;
        return address.endsWith(own) ? address.substring(0, address.length() - own.length()) : address;
    }

    /** A live was deleted. */
    Optional<String> forget(String liveId) {
        endedEpochs.remove(liveId);
        return Optional.ofNullable(roomByLive.remove(liveId));
    }

    /** The room of a live, once it is known. */
    Optional<String> room(RemoteLive live) {
        return Optional.ofNullable(roomByLive.get(live.id()));
    }

    /** The live that is shown in a room of somebody else. */
    Optional<RemoteLive> live(String room) {
        return lives().stream()
                .filter(live -> room(live).equals(Optional.of(room)))
                .findFirst();
    }

    /** Every live of another instance whose room is known, the ones on air first. */
    List<RemoteLive> lives() {
        return fediverse.lives().all().stream()
                .filter(live -> room(live).filter(room -> room.indexOf('@') > 0).isPresent())
                .toList();
    }

    /** The media server heard that a room is over, often before the activity that says so has arrived. */
    void ended(String room) {
        live(room).ifPresent(live -> endedEpochs.put(live.id(), live.epoch()));
    }

    /** The state of a live, the newest that is known here. */
    LiveState state(RemoteLive live) {
        return endedEpochs.getOrDefault(live.id(), -1) >= live.epoch() ? LiveState.ENDED : live.state();
    }

    @Override
    public CompletionStage<Upstream> find(String room) {
        if (room.indexOf('@') <= 0 || room.endsWith("@" + authority)) {
            return refuse(
                    Refusal.NO_SUCH_ROOM,
                    "There is no room " + room + " here. A room is named after an account,"
                            + " one of another instance name@host.");
        }
        Optional<RemoteLive> known = live(room);
        if (known.isPresent()) {
            return upstream(room, known.get());
        }
        return fediverse
                .lookup(room)
                .exceptionally(failure -> {
                    throw new WhipWhepException(Refusal.NO_SUCH_ROOM, room + " was not found on that instance.");
                })
                .thenCompose(actor -> fediverse.lives().all().stream()
                        .filter(live ->
                                actor.id().equals(live.personId()) || actor.id().equals(live.channelId()))
                        .findFirst()
                        .map(live -> upstream(room, live))
                        .orElseGet(() -> refuse(
                                Refusal.NO_SUCH_ROOM,
                                "No live stream of " + room + " is known here. Follow the account to hear of them.")));
    }

    private CompletionStage<Upstream> upstream(String room, RemoteLive live) {
        if (live.whep().isEmpty()) {
            return refuse(Refusal.NO_SUCH_ROOM, "The stream of " + room + " has no WHEP endpoint to pull it from.");
        }
        if (state(live) == LiveState.ENDED) {
            return refuse(Refusal.NO_PUBLISHER, "The stream of " + room + " has ended.");
        }
        return CompletableFuture.completedFuture(
                new Upstream(URI.create(live.whep()), signing(UnaryOperator.identity())));
    }

    /** A client whose requests are signed by this instance, after a change of one's own. */
    HttpClient signing(UnaryOperator<OutboundRequest> change) {
        // Signing takes a millisecond of RSA, which a media loop has not got.
        return request -> CompletableFuture.supplyAsync(
                        () -> fediverse.requestSigner().sign(change.apply(request)), executor)
                .thenCompose(http::send);
    }

    private static CompletionStage<Upstream> refuse(Refusal refusal, String detail) {
        return CompletableFuture.failedFuture(new WhipWhepException(refusal, detail));
    }
}
