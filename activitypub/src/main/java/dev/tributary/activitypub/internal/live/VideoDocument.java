// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.live;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.LiveState;
import dev.tributary.activitypub.LiveStreamDescription;
import dev.tributary.activitypub.RemoteActor;
import dev.tributary.activitypub.RemoteLive;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Video} that stands for a live stream. Written in the very shape that PeerTube's validator accepts, with the
 * text/html link first for Mastodon, and one property of our own, {@code interactive}.
 */
public final class VideoDocument {
    private static final String NAMESPACE = "https://w3id.org/tributary/ns#";
    private static final int ON_AIR = 1;
    private static final int WAITING = 4;
    private static final int OVER = 5;
    private static final int EPOCH_MAX = 1_000_000_000;

    /** Longest text of a stranger that is kept for a page. */
    private static final int TEXT_LENGTH = 200;

    private VideoDocument() {}

    private static List<Object> context() {
        Map<String, Object> terms = new LinkedHashMap<>();
        terms.put("pt", "https://joinpeertube.org/ns#");
        terms.put("sc", "http://schema.org/");
        terms.put("trb", NAMESPACE);
        for (String term : List.of("state", "permanentLive", "latencyMode", "views", "commentsPolicy")) {
            terms.put(term, "pt:" + term);
        }
        terms.put("uuid", "sc:identifier");
        terms.put("isLiveBroadcast", "sc:isLiveBroadcast");
        terms.put("sensitive", "as:sensitive");
        terms.put("Stage", "trb:Stage");
        terms.put("interactive", Map.of("@id", "trb:interactive", "@type", "@id"));
        for (String term : List.of("epoch", "joinPolicy", "maxGuests")) {
            terms.put(term, "trb:" + term);
        }
        for (String term : List.of("instance", "guests", "access")) {
            terms.put(term, Map.of("@id", "trb:" + term, "@type", "@id"));
        }
        return List.of(ApObject.CONTEXT, "https://w3id.org/security/v1", terms);
    }

    /** Writes the Video of a live of ours. */
    public static ApObject write(
            LiveStreamDescription live,
            String id,
            String instanceId,
            LiveState state,
            int epoch,
            Instant published,
            Instant updated) {
        List<Map<String, Object>> icons = live.icons().stream()
                .map(icon -> Map.<String, Object>of(
                        "type",
                        "Image",
                        "url",
                        icon.url(),
                        "mediaType",
                        icon.mediaType(),
                        "width",
                        (long) icon.width(),
                        "height",
                        (long) icon.height()))
                .toList();
        ApObject video = ApObject.of(Map.of("@context", context()))
                .with("id", id)
                .with("type", "Video")
                .with("uuid", live.uuid())
                .with("name", live.name())
                .with("duration", "PT0S")
                .with("views", 0L)
                .with("published", published)
                .with("updated", updated)
                .with("icon", icons)
                .with("attributedTo", List.of(live.person().id(), live.channel().id()))
                .with("audience", live.channel().id())
                .with("url", links(live))
                .with("isLiveBroadcast", true)
                .with("state", (long) peerTubeState(state, live.permanent()))
                .with("permanentLive", live.permanent())
                .with("latencyMode", 3L)
                .with("sensitive", false)
                .with("commentsPolicy", 2L)
                .with("to", List.of(ApObject.PUBLIC))
                .with("cc", List.of(live.person().id() + "/followers"))
                .with("interactive", stage(live, id, instanceId, state, epoch));
        // content without mediaType makes PeerTube refuse the whole Video.
        return live.summary().isEmpty()
                ? video
                : video.with("content", live.summary()).with("mediaType", "text/markdown");
    }

    private static List<Object> links(LiveStreamDescription live) {
        // Mastodon takes the first link for the permalink.
        List<Object> links = new ArrayList<>();
        links.add(Map.of("type", "Link", "mediaType", "text/html", "href", live.watchPage()));
        if (!live.hls().isEmpty()) {
            // PeerTube needs the tag to be an array, even an empty one.
            links.add(
                    Map.of("type", "Link", "mediaType", "application/x-mpegURL", "href", live.hls(), "tag", List.of()));
        }
        if (!live.whep().isEmpty()) {
            links.add(Map.of(
                    "type", "Link", "mediaType", "application/sdp", "rel", List.of("whep"), "href", live.whep()));
        }
        return links;
    }

    private static Map<String, Object> stage(
            LiveStreamDescription live, String id, String instanceId, LiveState state, int epoch) {
        Map<String, Object> stage = new LinkedHashMap<>();
        stage.put("type", "Stage");
        stage.put("id", id + "/stage");
        stage.put("state", state.word());
        stage.put("epoch", (long) epoch);
        stage.put("joinPolicy", live.joinPolicy().word());
        stage.put("maxGuests", (long) live.maxGuests());
        stage.put("instance", instanceId);
        stage.put("guests", id + "/guests");
        stage.put("access", id + "/access");
        return stage;
    }

    /**
     * Reads a live of another instance; null if it is a Video, but no live one.
     *
     * @param host the channel, or the account, as its own document describes it
     * @throws ActivityPubException if it lacks what a Video must have
     */
    public static @Nullable RemoteLive read(ApObject video, RemoteActor host, Predicate<String> acceptable) {
        String id = video.id().orElse("");
        if (!video.isType("Video") || !acceptable.test(id)) {
            throw new ActivityPubException(ActivityPubException.Reason.MALFORMED, "Not a Video with an id");
        }
        ApObject stage = video.object("interactive")
                .filter(object -> object.isType("Stage"))
                .orElse(ApObject.of(Map.of()));
        if (!video.flag("isLiveBroadcast") && stage.type().isEmpty()) {
            return null;
        }
        String access =
                stage.reference("access").filter(url -> sameOrigin(url, id)).orElse("");
        String instance =
                stage.reference("instance").filter(url -> sameOrigin(url, id)).orElse("");
        LiveState coarse = ofPeerTube(video.integer("state").orElse(1));
        long epoch = stage.integer("epoch").orElse(0);
        List<String> owners = video.references("attributedTo");
        boolean group = host.type().equals("Group");
        return new RemoteLive(
                id,
                shortened(video.string("name").orElse("")),
                host.address(),
                shortened(host.name()),
                link(video, acceptable, "text/html"),
                link(video, acceptable, "application/sdp"),
                link(video, acceptable, "application/x-mpegURL"),
                owners.stream().findFirst().orElse(""),
                group ? host.id() : "",
                instance,
                access.isEmpty() ? coarse : ofWord(stage.string("state").orElse(""), coarse),
                (int) Math.max(0, Math.min(EPOCH_MAX, epoch)),
                video.instant("updated").or(() -> video.instant("published")).orElse(Instant.EPOCH),
                access,
                video.without("@context"));
    }

    private static boolean sameOrigin(String url, String id) {
        int path = id.indexOf('/', id.indexOf("//") + 2);
        return path > 0 && url.startsWith(id.substring(0, path + 1));
    }

    private static String link(ApObject video, Predicate<String> acceptable, String mediaType) {
        return video.objects("url").stream()
                .filter(link -> link.string("mediaType").orElse("").equalsIgnoreCase(mediaType))
                .flatMap(link -> link.string("href").stream())
                .filter(acceptable)
                .findFirst()
                .orElse("");
    }

    /** PeerTube's VideoState: 1 published (on air), 4 waiting for live, 5 live ended; permanent lives wait again. */
    private static int peerTubeState(LiveState state, boolean permanent) {
        return switch (state) {
            case LIVE -> ON_AIR;
            case ENDED -> permanent ? WAITING : OVER;
            case PLANNED, LOBBY, PAUSED -> WAITING;
        };
    }

    private static LiveState ofPeerTube(long state) {
        return state == WAITING ? LiveState.PLANNED : state == OVER ? LiveState.ENDED : LiveState.LIVE;
    }

    private static LiveState ofWord(String word, LiveState otherwise) {
        for (LiveState state : LiveState.values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        return otherwise;
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), TEXT_LENGTH));
    }
}
