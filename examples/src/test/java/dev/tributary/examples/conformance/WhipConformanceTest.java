// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.examples.conformance.Examiner.Reply;
import dev.tributary.sdp.Direction;
import dev.tributary.sdp.SessionDescription;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** RFC 9725, line by line, against any server: {@code -Dwhip=URL}. Without one, against ours. */
@Timeout(60)
class WhipConformanceTest extends CommonLines {
    private static Subject subject;
    private static Examiner examiner;

    @BeforeAll
    static void start() {
        subject = Subject.start();
        examiner = new Examiner(subject.token());
    }

    @AfterAll
    static void stop() {
        subject.close();
    }

    @BeforeEach
    void thereIsAnEndpoint() {
        assumeTrue(subject.whip() != null, "no -Dwhip given");
    }

    @Override
    Subject subject() {
        return subject;
    }

    @Override
    URI endpoint() {
        return subject.whip();
    }

    @Override
    Examiner examiner() {
        return examiner;
    }

    @Override
    String offer() {
        return RealOffers.whip();
    }

    @Override
    String offerWithDataChannel() {
        return RealOffers.fresh(RealOffers.recorded("chromium-156/offer-whip-no-candidates"));
    }

    @Override
    String extensionPrefix() {
        return "urn:ietf:params:whip:ext:";
    }

    @Line("SI1")
    void si1AnswerOnlyReceives() {
        SessionDescription answer = open().answer();

        assertThat(answer.media())
                .allSatisfy(section -> assertThat(answer.direction(section)).isEqualTo(Direction.RECVONLY));
    }

    @Line("SI2")
    void si2TwoTracksOfAKindAreRefused() {
        String offer = offer().replaceFirst("m=audio", "m=video").replaceFirst("opus/48000/2", "VP8/90000");

        Reply reply = examiner.post(endpoint(), offer);

        assertThat(reply.status()).isIn(400, 422);
        assertThat(reply.header("Location")).isEmpty();
    }

    @Line(value = "SI3", level = Line.Level.SHOULD)
    void si3NoSectionIsRefusedAlone() {
        long refused = open().created()
                .body()
                .lines()
                .filter(line -> line.matches("m=\\w+ 0 .*"))
                .count();

        mayLack(refused == 0, refused + " sections refused with port 0");
    }

    @Line(value = "SI4", level = Line.Level.SHOULD)
    void si4EverySetupRoleIsAnswered() {
        for (String setup : List.of("active", "passive")) {
            Reply reply = examiner.post(endpoint(), offer().replace("a=setup:actpass", "a=setup:" + setup));
            assertThat(reply.status()).as("setup:" + setup).isIn(201, 400, 422);
            if (reply.status() == 201) {
                assertThat(RealOffers.value(reply.body(), "a=setup:"))
                        .isEqualTo(setup.equals("active") ? "passive" : "active");
            }
            examiner.cleanUp();
        }
    }

    @Line("SI5")
    void si5SimulcastIsAnsweredInReverse() {
        Reply reply = examiner.post(endpoint(), RealOffers.simulcast());
        assertThat(reply.status()).isEqualTo(201);
        String simulcast = RealOffers.value(reply.body(), "a=simulcast:");

        mayLack(!simulcast.isEmpty(), "takes no simulcast");
        assertThat(simulcast).startsWith("recv ");
        List<String> rids = List.of(simulcast.substring("recv ".length()).split("[;,~]"));
        assertThat(List.of("q", "h", "f")).containsAll(rids);
        assertThat(rids)
                .allSatisfy(rid ->
                        assertThat(reply.body().lines()).anyMatch(line -> line.startsWith("a=rid:" + rid + " recv")));
    }

    @Line("SI6")
    void si6ExtensionsAreNamedUnderWhip() {
        List<String> extensions = open(offerWithDataChannel()).created().headers("Link").stream()
                .filter(link -> link.contains(":ext:"))
                .toList();

        mayLack(!extensions.isEmpty(), "has no extension");
        assertThat(extensions).allSatisfy(link -> assertThat(link).contains(extensionPrefix()));
    }
}
