// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.FediverseListener;
import dev.tributary.activitypub.GuestInvite;
import dev.tributary.activitypub.Invitation;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.LiveStream;
import dev.tributary.activitypub.LiveStreamDescription;
import dev.tributary.activitypub.LiveStreamDescription.Icon;
import dev.tributary.activitypub.RemoteLive;
import dev.tributary.activitypub.StageAccess;
import dev.tributary.sfu.SessionSnapshot;
import dev.tributary.sfu.Sfu;
import dev.tributary.sfu.SfuListener;
import dev.tributary.whipwhep.spi.SessionKind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes one thing of media and Fediverse. Each tells the other here, and nowhere else:
 *
 * <ul>
 *   <li>the owner publishes in their room: the live is announced. They are gone for a while: it is over;
 *   <li>a guest of ours publishes in a room of another instance: we join there for them, and push their tracks;
 *   <li>a guest of another instance loses their place on a stage of ours: their media session ends;
 *   <li>a live of another instance is over: its room here is over.
 * </ul>
 *
 * <p>What media loops and inboxes tell is worked off on one thread, in order.
 */
final class LiveGlue implements SfuListener, FediverseListener {
    /** How long a host may be gone (a reload, a lost connection) before the live is over. */
    static final int PATIENCE_SECONDS = 30;

    private static final int SETBACKS_MAX = 5;
    private static final Duration SETBACK_TOLD = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(LiveGlue.class);

    private final ActivityPub fediverse;
    private final Accounts accounts;
    private final Neighbourhood neighbourhood;
    private final Doorkeeper doorkeeper;
    private final GuestTokens guestTokens;
    private final String baseUrl;
    private final ScheduledExecutorService thread;
    private final Map<String, Future<?>> endings = new HashMap<>();
    private final Deque<Setback> setbacks = new ConcurrentLinkedDeque<>();
    private volatile @Nullable Sfu sfu;

    private record Setback(Instant at, String words) {}

    LiveGlue(
            ActivityPub fediverse,
            Accounts accounts,
            Neighbourhood neighbourhood,
            Doorkeeper doorkeeper,
            GuestTokens guestTokens,
            String baseUrl,
            ScheduledExecutorService thread) {
        this.fediverse = fediverse;
        this.accounts = accounts;
        this.neighbourhood = neighbourhood;
        this.doorkeeper = doorkeeper;
        this.guestTokens = guestTokens;
        this.baseUrl = baseUrl;
        this.thread = thread;
    }

    /** The engine, which is told of its listener before it can be told to its listener. */
    void attach(Sfu engine) {
        sfu = engine;
    }

    private Sfu sfu() {
        return Objects.requireNonNull(sfu, "attach() comes first");
    }

    /** Why connections failed lately, the latest first: for the page of numbers. */
    List<String> setbacks() {
        Instant since = Instant.now().minus(SETBACK_TOLD);
        return setbacks.stream()
                .filter(setback -> setback.at().isAfter(since))
                .map(Setback::words)
                .toList();
    }

    private void soon(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("Media and Fediverse are out of step", e);
                }
            });
        } catch (RejectedExecutionException closing) {
            LOG.debug("News after the end", closing);
        }
    }

    // ---- what media tells ----

    @Override
    public void lost(String room, SessionSnapshot session, String reason) {
        setbacks.addFirst(new Setback(Instant.now(), session.kind() + " session in " + room + ": " + reason));
        while (setbacks.size() > SETBACKS_MAX) {
            setbacks.pollLast();
        }
    }

    @Override
    public void joined(String room, SessionSnapshot session) {
        soon(() -> owner(room, session).ifPresentOrElse(this::onAir, () -> {
            boolean isGuestOfOurs = session.kind() == SessionKind.WHIP && !session.outgoing() && room.indexOf('@') > 0;
            if (isGuestOfOurs) {
                push(room, session.subject());
            }
        }));
    }

    @Override
    public void left(String room, SessionSnapshot session) {
        soon(() -> owner(room, session).ifPresent(this::away));
    }

    @Override
    public void ended(String room) {
        neighbourhood.ended(room);
    }

    /** The owner of a room, if the session is the one by which they publish there. */
    private Optional<Account> owner(String room, SessionSnapshot session) {
        return accounts.find(room)
                .filter(account -> session.kind() == SessionKind.WHIP
                        && session.subject().equals(account.person().id()));
    }

    private void onAir(Account account) {
        cancelEnding(account);
        String room = account.name();
        var description = LiveStreamDescription.builder(account.person(), account.channel(), room + " is live")
                .watchPage(baseUrl + "/watch?room=" + room)
                .whep(baseUrl + "/live/" + room + "/whep")
                .icons(new Icon(baseUrl + "/pages/icon.png", "image/png", 256, 256))
                .permanent(true);
        live(room).ifPresent(known -> description.uuid(known.description().uuid()));
        LiveStream live = fediverse.goLive(description.build());
        LOG.info("{} is live, session {}", account.person().address(), live.epoch());
    }

    private void away(Account account) {
        live(account.name()).filter(live -> live.state() == LiveState.LIVE).ifPresent(live -> {
            live.update(LiveState.PAUSED);
            cancelEnding(account);
            endings.put(account.name(), thread.schedule(() -> end(account.name()), PATIENCE_SECONDS, TimeUnit.SECONDS));
        });
    }

    private void cancelEnding(Account account) {
        Future<?> ending = endings.remove(account.name());
        if (ending != null) {
            ending.cancel(false);
        }
    }

    // ---- what people tell ----

    /** The live of a room of ours: the same one for each session, as long as the store remembers it. */
    Optional<LiveStream> live(String room) {
        return fediverse.hostedLives().stream()
                .filter(live -> live.description().person().username().equals(room))
                .findFirst();
    }

    /** The stream of a room of ours is over: for the Fediverse first, so that nobody finds it on air without media. */
    CompletionStage<Void> end(String room) {
        live(room).ifPresent(LiveStream::end);
        return sfu().end(room);
    }

    private void push(String room, String guestId) {
        Invitation invitation = doorkeeper.invitation(guestId, room).orElse(null);
        if (invitation == null) {
            LOG.warn("{} publishes in {} without a standing invitation", guestId, room);
            return;
        }
        invitation.join().thenCompose(access -> push(room, guestId, access)).whenComplete((pushed, failure) -> {
            if (failure != null) {
                LOG.warn("{} cannot come on the stage of {}", guestId, room, failure);
                doorkeeper.revoke(guestId, room);
            }
        });
    }

    private CompletionStage<Void> push(String room, String guestId, StageAccess access) {
        String bearer = "Bearer " + access.token();
        return sfu().push(
                        room,
                        guestId,
                        URI.create(access.whip()),
                        neighbourhood.signing(
                                request -> request.withHeaders(request.headers().replace("Authorization", bearer))));
    }

    // ---- what the Fediverse tells ----

    @Override
    public void guestRevoked(LiveStream live, GuestInvite invite) {
        guestTokens.revoke(live.id(), invite.guestId());
    }

    @Override
    public void invited(Invitation invitation) {
        known(invitation.live());
    }

    @Override
    public void invitationEnded(Invitation invitation) {
        soon(() -> neighbourhood
                .room(invitation.live())
                .ifPresent(room -> doorkeeper.revoke(invitation.guest().id(), room)));
    }

    @Override
    public void liveChanged(RemoteLive live) {
        known(live);
    }

    private void known(RemoteLive live) {
        neighbourhood.learn(live).whenComplete((room, failure) -> {
            if (room == null) {
                LOG.warn("Nobody is found behind the live {}", live.id(), failure);
            } else if (live.state() == LiveState.ENDED) {
                soon(() -> sfu().end(room));
            }
        });
    }

    @Override
    public void liveDeleted(String id) {
        soon(() -> neighbourhood.forget(id).ifPresent(room -> sfu().end(room)));
    }
}
