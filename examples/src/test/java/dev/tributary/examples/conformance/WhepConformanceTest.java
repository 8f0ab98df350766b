// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.examples.conformance.Examiner.Reply;
import dev.tributary.examples.peers.Publisher;
import dev.tributary.sdp.Direction;
import dev.tributary.sdp.MediaDescription;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.whipwhep.Purpose;
import java.net.URI;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The WHEP draft, line by line, against any server: {@code -Dwhep=URL}, with {@code -Dwhip=URL} of the same stream unless
 * somebody publishes there already. Without one, against ours.
 */
@Timeout(60)
class WhepConformanceTest extends CommonLines {
    private static Subject subject;
    private static Examiner examiner;
    private static Publisher publisher;

    @BeforeAll
    static void start() {
        subject = Subject.start();
        examiner = new Examiner(subject.token());
        if (subject.whip() != null && subject.whep() != null) {
            publisher = Publisher.start(subject.whip().toString(), subject.token(), Purpose.MAIN, "Conformance");
            awaitTheStream();
        }
    }

    /** Some servers have a stream only once its media has arrived. */
    private static void awaitTheStream() {
        long end = System.nanoTime() + 10_000_000_000L;
        while (examiner.post(subject.whep(), RealOffers.whep()).status() != 201 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(100_000_000);
        }
        examiner.cleanUp();
    }

    @AfterAll
    static void stop() {
        if (publisher != null) {
            publisher.close();
        }
        subject.close();
    }

    @BeforeEach
    void thereIsAnEndpoint() {
        assumeTrue(subject.whep() != null, "no -Dwhep given");
    }

    @Override
    Subject subject() {
        return subject;
    }

    @Override
    URI endpoint() {
        return subject.whep();
    }

    @Override
    Examiner examiner() {
        return examiner;
    }

    @Override
    String offer() {
        return RealOffers.whep();
    }

    @Override
    String offerWithDataChannel() {
        return RealOffers.whepWithDataChannel();
    }

    @Override
    String extensionPrefix() {
        return "urn:ietf:params:whep:ext:";
    }

    /** An offer in which no engine finds a codec. */
    private static String hopeless() {
        return RealOffers.whep().replaceAll("a=rtpmap:(\\d+) [^/\r\n]+/", "a=rtpmap:$1 x-unheard-of/");
    }

    private Reply countered() {
        Reply reply = examiner.post(endpoint(), hopeless());
        mayLack(
                reply.status() == 406 && reply.mediaType().equals("application/sdp"),
                "makes no counter-offer: " + reply.status());
        return reply;
    }

    private static String answerTo(String offer) {
        return RealOffers.fresh(offer)
                .replace("a=setup:actpass", "a=setup:active")
                .replace("a=sendonly", "a=recvonly")
                .replaceAll("a=ice-lite\r\n", "")
                .replaceAll("a=(msid|ssrc|ssrc-group|candidate|end-of-candidates)[^\r\n]*\r\n", "");
    }

    @Line(value = "SE1", level = Line.Level.SHOULD)
    void se1HeadTellsWhatTheEndpointIs() {
        Reply reply = examiner.send("HEAD", endpoint(), "");

        mayLack(reply.status() == 200, "HEAD answered " + reply.status());
        assertThat(reply.mediaType()).isEqualTo("application/sdp");
        assertThat(reply.body()).isEmpty();
    }

    @Line("SE2")
    void se2OfferIsAnsweredOrCountered() {
        assertThat(examiner.post(endpoint(), offer()).status()).isEqualTo(201);
        Reply reply = examiner.post(endpoint(), hopeless());
        assertThat(reply.status()).isNotEqualTo(201);
        assertThat(reply.statusClass()).isEqualTo(4);
    }

    @Line(value = "SE3", level = Line.Level.MAY)
    void se3CounterOfferSaysHowLongItHolds() {
        String type = countered().header("Content-Type");

        if (type.contains("valid-until")) {
            String date = type.replaceAll(".*valid-until=\"?([^\"]+)\"?.*", "$1");
            assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .isAfter(ZonedDateTime.now().minusMinutes(5));
        }
    }

    @Line("SE4")
    void se4AnswerToACounterOfferIsTaken() {
        Reply counter = countered();
        URI session = counter.location();
        assertThat(session).isNotNull();

        int malformed = examiner.send("PATCH", session, "hello", "Content-Type", "application/sdp")
                .status();
        int answered = examiner.send("PATCH", session, answerTo(counter.body()), "Content-Type", "application/sdp")
                .status();

        assertThat(malformed / 100).as("malformed answered " + malformed).isEqualTo(4);
        assertThat(answered).isEqualTo(204);
    }

    @Line("SE5")
    void se5AnswerOnlySends() {
        SessionDescription answer = open().answer();
        List<MediaDescription> live = answer.media().stream()
                .filter(section -> !section.isRejected() && !section.media().equals("application"))
                .toList();

        assertThat(live)
                .isNotEmpty()
                .allSatisfy(section -> assertThat(answer.direction(section)).isEqualTo(Direction.SENDONLY));
    }

    @Line(value = "SE6", level = Line.Level.SHOULD)
    void se6CounterOfferSends() {
        SessionDescription offer = SessionDescription.parse(countered().body());

        assertThat(offer.media().stream().filter(section -> !section.media().equals("application")))
                .isNotEmpty()
                .allSatisfy(
                        section -> assertThat(offer.direction(section)).isIn(Direction.SENDONLY, Direction.SENDRECV));
    }

    @Line("SE7")
    void se7WithoutAPublisherItSaysWhenToComeAgain() {
        assumeTrue(subject.idle() != null, "no -Dwhep.idle given");

        Reply reply = examiner.post(subject.idle(), offer());

        assumeTrue(reply.status() != 201, "viewers may come before the publisher");
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.header("Retry-After")).matches("[0-9]+");
    }

    @Line("SE8")
    void se8ExtensionsAreNamedUnderWhep() {
        List<String> extensions = open(offerWithDataChannel()).created().headers("Link").stream()
                .filter(link -> link.contains(":ext:"))
                .toList();

        mayLack(!extensions.isEmpty(), "has no extension");
        assertThat(extensions).allSatisfy(link -> assertThat(link).contains(extensionPrefix()));
    }

    @Line(value = "SE9", level = Line.Level.SHOULD)
    void se9EachRefusalHasItsOwnStatus() {
        Opened session = open();
        int post = examiner.send("POST", endpoint(), "{}", "Content-Type", "application/json")
                .status();
        int answer = examiner.send("PATCH", session.url(), offer(), "Content-Type", "application/sdp", "If-Match", "*")
                .status();
        int third = examiner.send("PATCH", session.url(), "{}", "Content-Type", "application/json", "If-Match", "*")
                .status();
        Reply hopeless = examiner.post(endpoint(), hopeless());

        mayLack(
                post == 415 && answer == 422 && third == 415,
                "POST of JSON " + post + ", PATCH of SDP " + answer + ", PATCH of JSON " + third);
        assertThat(hopeless.status() != 406 || hopeless.mediaType().equals("application/sdp"))
                .as("406 comes with a counter-offer only")
                .isTrue();
    }

    @Line(value = "SE10", level = Line.Level.MAY)
    void se10DataChannelMayBeRefusedAlone() {
        SessionDescription answer = open(offerWithDataChannel()).answer();

        assertThat(answer.media().stream()
                        .filter(section -> !section.media().equals("application"))
                        .filter(section -> !section.isRejected()))
                .isNotEmpty();
    }
}
