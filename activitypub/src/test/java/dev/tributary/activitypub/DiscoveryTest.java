// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import static dev.tributary.activitypub.Neighbourhood.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundRequest;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How others find us: WebFinger, NodeInfo, the documents of actors. */
class DiscoveryTest {
    private final Neighbourhood net = new Neighbourhood();
    private final ActivityPub a = net.instance(A, builder -> builder.software("tributary", "1.2.3"));
    private final LocalActor alice = a.person("alice", "Alice");
    private final LocalActor channel = a.channel("alice_live", "Alice live", alice);

    @AfterEach
    void close() {
        net.close();
    }

    private ApObject json(String path) {
        HttpResponse response = net.request(OutboundRequest.get(URI.create(A + path)));
        assertThat(response.status()).isEqualTo(200);
        return ApObject.parse(Neighbourhood.text(response));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acct:alice@localhost:8081",
                "acct%3Aalice%40localhost%3A8081",
                "acct:ALICE@LOCALHOST:8081",
                "http://localhost:8081/ap/u/alice"
            })
    void answersWebFingerForAnAccountInEachSpelling(String resource) {
        ApObject jrd = json("/.well-known/webfinger?resource=" + resource);

        assertThat(jrd.string("subject")).contains("acct:alice@localhost:8081");
        assertThat(jrd.objects("links").get(0).string("href")).contains(alice.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"acct:tributary@localhost:8081", "acct:peertube@localhost:8081", "http://localhost:8081/"})
    void answersWebFingerForTheInstance(String resource) {
        assertThat(json("/.well-known/webfinger?resource=" + resource).strings("aliases"))
                .containsExactly(A + "/ap/actor");
    }

    @Test
    void linksNodeInfoAndTheApplicationActor() {
        ApObject links = json("/.well-known/nodeinfo");

        assertThat(links.objects("links"))
                .extracting(link -> link.string("href").orElseThrow())
                .containsExactly(A + "/nodeinfo/2.1", A + "/nodeinfo/2.0", A + "/ap/actor");
        ApObject nodeInfo = json("/nodeinfo/2.1");
        assertThat(nodeInfo.object("software").orElseThrow().string("version")).contains("1.2.3");
        assertThat(nodeInfo.object("metadata")).isPresent();
        assertThat(nodeInfo.object("usage")
                        .orElseThrow()
                        .object("users")
                        .orElseThrow()
                        .integer("total"))
                .hasValue(1);
    }

    @Test
    void describesAChannelAsPeerTubeAsks() {
        ApObject group = net.get(channel.id());

        assertThat(group.type()).isEqualTo("Group");
        assertThat(group.references("attributedTo")).containsExactly(alice.id());
        assertThat(group.object("publicKey").orElseThrow().string("owner")).contains(channel.id());
        assertThat(group.object("endpoints").orElseThrow().string("sharedInbox"))
                .contains(A + "/ap/inbox");
        assertThat(group.strings("@context")).contains(ApObject.CONTEXT);
    }

    @Test
    void showsTheInstanceToAnybody() {
        ApObject instance = net.get(A + "/ap/actor");

        assertThat(instance.type()).isEqualTo("Application");
        assertThat(instance.objects("implements")).hasSize(1);
    }

    @Test
    void servesTheStageAndTheCountOfFollowers() {
        LiveStream live = a.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
                .watchPage(A + "/watch")
                .build());

        assertThat(net.get(live.id() + "/stage").string("state")).contains("live");
        assertThat(net.get(live.id() + "/guests").integer("totalItems")).hasValue(0);
        assertThat(net.get(alice.id() + "/followers").integer("totalItems")).hasValue(0);
    }

    @Test
    void complainsAboutEachRuleOfPeerTubeThatIsBroken() {
        ApObject video = net.get(a.goLive(LiveStreamDescription.builder(alice, channel, "Friday session")
                        .watchPage(A + "/watch")
                        .hls(A + "/hls/master.m3u8")
                        .summary("About **Friday**")
                        .build())
                .id());
        assertThat(PeerTubeRules.complaints(video)).isEmpty();

        for (String property : new String[] {
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
            "mediaType",
            "to"
        }) {
            assertThat(PeerTubeRules.complaints(video.without(property)))
                    .as(property)
                    .isNotEmpty();
        }
    }
}
