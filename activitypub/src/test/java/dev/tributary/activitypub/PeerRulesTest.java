// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static dev.tributary.activitypub.Neighbourhood.A;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The Video that we write passes the rules of PeerTube and of Mastodon, and the rules see each way of breaking them. */
class PeerRulesTest {
    private final Neighbourhood net = new Neighbourhood();
    private final ActivityPub a = net.instance(A, builder -> builder);
    private final LocalActor alice = a.person("alice", "Alice");
    private final LocalActor channel = a.channel("alice_live", "Alice live", alice);

    @AfterEach
    void close() {
        net.close();
    }

    private ApObject video(LiveState state) {
        return net.get(a.announce(
                        LiveStreamDescription.builder(alice, channel, "Friday session")
                                .watchPage(A + "/watch")
                                .hls(A + "/hls/master.m3u8")
                                .whep(A + "/whep")
                                .summary("About **Friday**")
                                .build(),
                        state)
                .id());
    }

    @Test
    void writesWhatBothAcceptInEachState() {
        for (LiveState state : LiveState.values()) {
            assertThat(PeerTubeRules.complaints(video(state)))
                    .as("PeerTube, " + state)
                    .isEmpty();
            assertThat(MastodonRules.complaints(video(state), alice.id()))
                    .as("Mastodon, " + state)
                    .isEmpty();
        }
    }

    private Map<String, UnaryOperator<ApObject>> mutations() {
        Map<String, UnaryOperator<ApObject>> all = new LinkedHashMap<>();
        for (String property : List.of(
                "type",
                "id",
                "name",
                "uuid",
                "duration",
                "views",
                "published",
                "updated",
                "icon",
                "attributedTo",
                "url",
                "isLiveBroadcast",
                "state",
                "latencyMode",
                "commentsPolicy",
                "mediaType",
                "to")) {
            all.put("no " + property, video -> video.without(property));
        }
        all.put("a list of types", video -> video.with("type", List.of("Video", "Object")));
        all.put("a name of two letters", video -> video.with("name", "ab"));
        all.put("a name of 121 letters", video -> video.with("name", "a".repeat(121)));
        all.put("a UUID of version 1", video -> video.with("uuid", "9aa8d6a0-0d4c-11ee-be56-0242ac120002"));
        all.put("a duration in minutes", video -> video.with("duration", "PT3M"));
        all.put("views below zero", video -> video.with("views", -1L));
        all.put("views that are text", video -> video.with("views", "0"));
        all.put("a state counted from 0", video -> video.with("state", 0L));
        all.put("a latency mode that is none", video -> video.with("latencyMode", 9L));
        all.put(
                "an icon that is no list",
                video -> video.with("icon", video.object("icon").orElseThrow()));
        all.put(
                "an icon without a width",
                video -> video.with(
                        "icon", List.of(video.object("icon").orElseThrow().without("width"))));
        all.put(
                "an icon as SVG",
                video -> video.with(
                        "icon", List.of(video.object("icon").orElseThrow().with("mediaType", "image/svg+xml"))));
        all.put("a url that is no list", video -> video.with("url", A + "/watch"));
        all.put("an HLS link without tag", video -> links(video, link -> link.without("tag")));
        all.put("links without href", video -> links(video, link -> link.without("href")));
        all.put("content as plain text", video -> video.with("mediaType", "text/plain"));
        all.put("the public by its short name", video -> video.with("to", List.of("as:Public")));
        all.put(
                "an owner on another host",
                video -> video.with("attributedTo", List.of(alice.id(), "https://elsewhere.example/c")));
        all.put("permanentLive as text", video -> video.with("permanentLive", "false"));
        return all;
    }

    private static ApObject links(ApObject video, UnaryOperator<ApObject> change) {
        return video.with("url", video.objects("url").stream().map(change).toList());
    }

    @TestFactory
    Stream<DynamicTest> complainsOfEachRuleOfPeerTubeThatIsBroken() {
        ApObject video = video(LiveState.LIVE);
        return mutations().entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.getKey(),
                        () -> assertThat(PeerTubeRules.complaints(one.getValue().apply(video)))
                                .isNotEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> complainsOfEachRuleOfMastodonThatIsBroken() {
        ApObject video = video(LiveState.LIVE);
        Map<String, UnaryOperator<ApObject>> all = new LinkedHashMap<>();
        for (String property : List.of("@context", "type", "id", "name", "attributedTo", "url", "published")) {
            all.put("no " + property, object -> object.without(property));
        }
        all.put("not public", object -> object.without("to").without("cc"));
        all.put("the channel first", object -> object.with("attributedTo", List.of(channel.id(), alice.id())));
        all.put("the playlist first", object -> {
            List<ApObject> links = new ArrayList<>(object.objects("url"));
            java.util.Collections.reverse(links);
            return object.with("url", links);
        });
        all.put("a summary", object -> object.with("summary", "Careful"));
        all.put("an id of another host", object -> object.with("id", "https://elsewhere.example/1"));
        return all.entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(
                        one.getKey(),
                        () -> assertThat(MastodonRules.complaints(one.getValue().apply(video), alice.id()))
                                .isNotEmpty()));
    }
}
