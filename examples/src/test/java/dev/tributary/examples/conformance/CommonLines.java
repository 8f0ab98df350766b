// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.examples.conformance.Examiner.Reply;
import dev.tributary.sdp.MediaDescription;
import dev.tributary.sdp.SessionDescription;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The lines that WHIP and WHEP have in common (S…): one test each, over HTTP alone. */
@ExtendWith(Verdicts.class)
abstract class CommonLines {
    /** The server. */
    abstract Subject subject();

    /** Its endpoint of this protocol. */
    abstract URI endpoint();

    abstract Examiner examiner();

    /** An offer of this protocol that every engine takes. */
    abstract String offer();

    /** The registered beginning of extension names. */
    abstract String extensionPrefix();

    @AfterEach
    void endWhatIsLeft() {
        examiner().cleanUp();
    }

    // ---- what the tests have in common ----

    /** A session, the offer that opened it, and the 201. */
    record Opened(String offer, Reply created) {
        URI url() {
            return created.location();
        }

        String etag() {
            return created.header("ETag");
        }

        SessionDescription answer() {
            return SessionDescription.parse(created.body());
        }

        SessionDescription offered() {
            return SessionDescription.parse(offer);
        }
    }

    /** What another server need not have; ours claims to. */
    final void mayLack(boolean has, String otherwise) {
        if (subject().isOurs()) {
            assertThat(has).as(otherwise).isTrue();
        } else {
            assumeTrue(has, otherwise);
        }
    }

    final Opened open() {
        return open(offer());
    }

    final Opened open(String offer) {
        Reply created = examiner().post(endpoint(), offer);
        assertThat(created.status()).as("POST: " + created.body()).isEqualTo(201);
        return new Opened(offer, created);
    }

    final Reply trickle(Opened session, String tag) {
        return examiner().patch(session.url(), RealOffers.candidate(session.offer(), "192.0.2.7"), tag);
    }

    final Reply restart(Opened session) {
        return examiner()
                .patch(
                        session.url(),
                        RealOffers.fragment(RealOffers.random(8), RealOffers.random(24), session.offer(), "192.0.2.7"),
                        "*");
    }

    final Opened openWithTrickle() {
        Opened session = open();
        mayLack(trickle(session, session.etag()).statusClass() == 2, "takes no trickled candidates");
        return session;
    }

    final Opened openWithRestart() {
        Opened session = open();
        mayLack(restart(open()).status() == 200, "restarts no ICE");
        return session;
    }

    private static List<String> attributes(String sdp, String name) {
        return sdp.lines().filter(line -> line.startsWith("a=" + name)).toList();
    }

    // ---- the lines ----

    @Line("S1")
    void s1GetHasNoContent() {
        Opened session = open();

        for (URI uri : List.of(endpoint(), session.url())) {
            Reply reply = examiner().send("GET", uri, "");
            assertThat(reply.statusClass()).as("GET answered " + reply.status()).isEqualTo(2);
            assertThat(reply.body()).isEmpty();
        }
    }

    @Line(value = "S2", level = Line.Level.MAY)
    void s2ErrorsAreProblemDetails() {
        Reply reply = examiner().send("POST", endpoint(), "{}", "Content-Type", "application/json");

        mayLack(
                reply.mediaType().equals("application/problem+json"),
                "errors are " + (reply.mediaType().isEmpty() ? "without a type" : reply.mediaType()));
        assertThat(reply.body()).contains("\"type\"").contains("\"title\"");
    }

    @Line("S3")
    void s3OfferIsAnsweredBy201WithAnswerAndLocation() {
        Reply created = open().created();

        assertThat(created.mediaType()).isEqualTo("application/sdp");
        assertThat(created.body()).startsWith("v=0");
        assertThat(created.location()).isNotNull().isNotEqualTo(endpoint());
    }

    @Line("S4")
    void s4AnswerMirrorsTheSectionsOfTheOffer() {
        Opened session = open();
        List<MediaDescription> offered = session.offered().media();
        List<MediaDescription> answered = session.answer().media();

        assertThat(answered).hasSameSizeAs(offered);
        for (int i = 0; i < offered.size(); i++) {
            assertThat(answered.get(i).media()).isEqualTo(offered.get(i).media());
            assertThat(answered.get(i).mid()).isEqualTo(offered.get(i).mid());
            if (!answered.get(i).isRejected()) {
                assertThat(offered.get(i).formats()).containsAll(answered.get(i).formats());
            }
        }
    }

    @Line("S5")
    void s5AnotherContentTypeIsRefused() {
        Reply reply = examiner().send("POST", endpoint(), offer(), "Content-Type", "application/json");

        assertThat(reply.statusClass()).as("answered " + reply.status()).isEqualTo(4);
    }

    @Line("S6")
    void s6WhatIsNoSdpIsRefusedWithoutASession() {
        for (String body : List.of("hello", "v=0\r\nm=video\r\n", "v=0")) {
            Reply reply = examiner().post(endpoint(), body);
            assertThat(reply.statusClass())
                    .as(body + " answered " + reply.status())
                    .isEqualTo(4);
            assertThat(reply.header("Location")).isEmpty();
        }
    }

    @Line("S8")
    void s8DeleteRemovesTheSession() {
        Opened session = open();

        assertThat(examiner().send("DELETE", session.url(), "").statusClass()).isEqualTo(2);
        assertThat(examiner().send("DELETE", session.url(), "").statusClass())
                .as("a second DELETE")
                .isEqualTo(4);
    }

    @Line("S10")
    void s10PreflightIsAnsweredWithoutCredentials() {
        Opened session = open();

        for (URI uri : List.of(endpoint(), session.url())) {
            Reply reply = examiner()
                    .sendWithoutToken(
                            "OPTIONS",
                            uri,
                            "",
                            "Origin",
                            "https://page.example",
                            "Access-Control-Request-Method",
                            "PATCH",
                            "Access-Control-Request-Headers",
                            "authorization,content-type,if-match");
            assertThat(reply.statusClass()).as("answered " + reply.status()).isEqualTo(2);
            assertThat(reply.header("Access-Control-Allow-Origin")).isNotEmpty();
            assertThat(reply.header("Access-Control-Allow-Methods"))
                    .contains("PATCH")
                    .contains("DELETE");
            assertThat(reply.header("Access-Control-Allow-Headers").toLowerCase(java.util.Locale.ROOT))
                    .contains("authorization")
                    .contains("content-type");
        }
        Reply created = examiner()
                .send("POST", endpoint(), offer(), "Content-Type", "application/sdp", "Origin", "https://page.example");
        assertThat(created.header("Access-Control-Expose-Headers").toLowerCase(java.util.Locale.ROOT))
                .contains("location");
    }

    @Line(value = "S11", level = Line.Level.SHOULD)
    void s11OptionsSayAcceptPost() {
        Reply reply = examiner().send("OPTIONS", endpoint(), "");

        assertThat(reply.statusClass()).isEqualTo(2);
        mayLack(!reply.header("Accept-Post").isEmpty(), "OPTIONS has no Accept-Post");
        assertThat(reply.header("Accept-Post")).contains("application/sdp");
    }

    @Line(value = "S12", level = Line.Level.SHOULD)
    void s12TrickleAndRestartAreSupported() {
        Opened session = open();
        int trickled = trickle(session, session.etag()).status();
        int restarted = restart(session).status();

        mayLack(trickled / 100 == 2 && restarted == 200, "trickle " + trickled + ", restart " + restarted);
    }

    @Line("S13")
    void s13AnotherPatchIsRefused() {
        Opened session = open();

        int otherType = examiner()
                .send("PATCH", session.url(), "{}", "Content-Type", "application/json", "If-Match", "*")
                .status();
        int malformed = examiner().patch(session.url(), "no fragment", "*").status();

        assertThat(otherType / 100).as("another type answered " + otherType).isEqualTo(4);
        assertThat(malformed / 100).as("no fragment answered " + malformed).isEqualTo(4);
    }

    @Line("S14")
    void s14WhatIsNotSupportedOfTheTwoIs422() {
        Opened session = open();
        int trickled = trickle(session, session.etag()).status();
        int restarted = restart(session).status();
        boolean isOne = (trickled / 100 == 2) != (restarted == 200);

        assumeTrue(isOne, "trickle " + trickled + ", restart " + restarted);
        assertThat(trickled / 100 == 2 ? restarted : trickled).isEqualTo(422);
    }

    @Line("S15")
    void s15EntityTagIsStrongAndUnique() {
        Opened one = openWithRestart();
        Opened two = open();

        assertThat(one.etag()).matches("\"[!#-~]+\"");
        assertThat(two.etag()).isNotEqualTo(one.etag());
    }

    @Line("S16")
    void s16DeleteIgnoresEntityTags() {
        Opened session = open();

        int status = examiner()
                .send("DELETE", session.url(), "", "If-Match", "\"another\"")
                .status();

        assertThat(status / 100).as("answered " + status).isEqualTo(2);
    }

    @Line("S17")
    void s17PatchIsConditional() {
        Opened session = openWithTrickle();
        mayLack(!session.etag().isEmpty(), "gives no ETag");

        assertThat(trickle(session, "").status()).as("without If-Match").isEqualTo(428);
        assertThat(trickle(session, "\"another\"").status()).as("another tag").isEqualTo(412);
    }

    @Line("S18")
    void s18AnswerHasAllCandidates() {
        String answer = open().created().body();

        assertThat(attributes(answer, "candidate:")).isNotEmpty();
    }

    @Line("S19")
    void s19TrickleIsAnsweredBy204WithoutEntityTag() {
        Opened session = openWithTrickle();

        Reply reply = trickle(session, session.etag());

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.header("ETag")).isEmpty();
    }

    @Line("S20")
    void s20CandidatesThatCannotBeUsedAreDroppedInSilence() {
        Opened session = openWithTrickle();

        for (String candidate : List.of(
                "1 1 udp 2130706431 5a3a0008-af5c-447d-9d46-452a379da5f6.local 50000 typ host",
                "2 1 udp 2130706431 host.invalid 50000 typ host",
                "3 1 sctp 2130706431 192.0.2.1 50000 typ host")) {
            String fragment = RealOffers.candidate(session.offer(), "192.0.2.7")
                    .replaceAll("a=candidate:[^\r\n]*", "a=candidate:" + candidate);
            assertThat(examiner().patch(session.url(), fragment, session.etag()).status())
                    .as(candidate)
                    .isEqualTo(204);
        }
    }

    @Line("S21")
    void s21NewCredentialsAreARestart() {
        Reply reply = restart(openWithRestart());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isNotEmpty();
    }

    @Line("S22")
    void s22RestartAnswersNewCredentialsAndANewTag() {
        Opened session = openWithRestart();

        Reply reply = restart(session);

        assertThat(reply.mediaType()).isEqualTo("application/trickle-ice-sdpfrag");
        assertThat(RealOffers.value(reply.body(), "a=ice-ufrag:"))
                .isNotEmpty()
                .isNotEqualTo(RealOffers.value(session.created().body(), "a=ice-ufrag:"));
        assertThat(RealOffers.value(reply.body(), "a=ice-pwd:"))
                .isNotEmpty()
                .isNotEqualTo(RealOffers.value(session.created().body(), "a=ice-pwd:"));
        assertThat(reply.header("ETag")).isNotEmpty().isNotEqualTo(session.etag());
        assertThat(trickle(session, session.etag()).status())
                .as("the tag of the ICE session before")
                .isEqualTo(412);
    }

    @Line("S24")
    void s24RestartRepeatsIceOptionsAndLite() {
        Opened session = openWithRestart();
        String answer = session.created().body();

        String fragment = restart(session).body();

        for (String attribute : List.of("ice-options:", "ice-lite", "ice-pacing:")) {
            assertThat(new HashSet<>(attributes(fragment, attribute)))
                    .as(attribute)
                    .isEqualTo(new HashSet<>(attributes(answer, attribute)));
        }
    }

    @Line("S25")
    void s25FailedRestartLeavesTheSession() {
        Opened session = openWithRestart();

        int failed =
                examiner().patch(session.url(), "a=ice-ufrag:abcdefgh\r\n", "*").status();

        assertThat(failed / 100)
                .as("a restart without a password answered " + failed)
                .isEqualTo(4);
        assertThat(trickle(session, session.etag()).statusClass()).isEqualTo(2);
    }

    @Line("S27")
    void s27AnswerBundlesAllSectionsWithRtcpMux() {
        Opened session = open();
        SessionDescription answer = session.answer();
        List<String> live = answer.media().stream()
                .filter(section -> !section.isRejected())
                .map(MediaDescription::mid)
                .toList();

        assertThat(RealOffers.value(session.created().body(), "a=group:BUNDLE ").split(" "))
                .containsExactlyInAnyOrderElementsOf(live);
        assertThat(live.size()).isPositive();
        assertThat(audioAndVideo(answer))
                .allSatisfy(section -> assertThat(section.lines().stream()
                                .map(Object::toString)
                                .filter(line -> line.contains("rtcp-mux")))
                        .isNotEmpty());
    }

    /** Three texts contradict each other here (docs/conformance/rfc9143.md): the tagged section decides. */
    @Line(value = "S28", level = Line.Level.SHOULD)
    void s28RtcpMuxOnlyIsSaidWhereTheOfferSaysIt() {
        String offer = offer().replaceAll("a=rtcp-mux\r\n", "a=rtcp-mux\r\na=rtcp-mux-only\r\n");

        int said = attributes(open(offer).created().body(), "rtcp-mux-only").size();

        mayLack(said > 0, "says no rtcp-mux-only");
    }

    private static List<MediaDescription> audioAndVideo(SessionDescription answer) {
        return answer.media().stream()
                .filter(section -> !section.isRejected())
                .filter(section -> !section.media().equals("application"))
                .toList();
    }

    @Line("S29")
    void s29AllTracksAreOfOneStreamAndAtMostOneOfAKind() {
        SessionDescription answer = open().answer();
        Set<String> streams = new HashSet<>();
        attributes(answer.write(), "msid:")
                .forEach(line -> streams.add(line.substring("a=msid:".length()).split(" ")[0]));

        assertThat(streams.size()).isLessThanOrEqualTo(1);
        assertThat(audioAndVideo(answer)).isNotEmpty();
        assertThat(audioAndVideo(answer).stream().map(MediaDescription::media)).doesNotHaveDuplicates();
    }

    @Line("S31")
    void s31NeverRedirectsBy301Or302() {
        for (String offer : List.of(offer(), "hello")) {
            assertThat(examiner().post(endpoint(), offer).status()).isNotIn(301, 302);
        }
    }

    @Line(value = "S33", level = Line.Level.MAY)
    void s33IceServersAreLinks() {
        List<String> servers = open().created().headers("Link").stream()
                .filter(link -> link.contains("ice-server"))
                .toList();

        mayLack(!servers.isEmpty(), "names no ICE servers");
        assertThat(servers)
                .allSatisfy(link -> assertThat(link)
                        .matches("<(stun|stuns|turn|turns):[^>%]+>;\\s*rel=\"?ice-server\"?.*")
                        .doesNotContain(">, <"));
    }

    @Line(value = "S34", level = Line.Level.SHOULD)
    void s34PreflightHasNoLinks() {
        Reply reply = examiner()
                .sendWithoutToken(
                        "OPTIONS",
                        endpoint(),
                        "",
                        "Origin",
                        "https://a.example",
                        "Access-Control-Request-Method",
                        "POST");

        mayLack(reply.headers("Link").isEmpty(), "a preflight carries Links");
    }

    @Line("S35")
    void s35TokenIsDemandedAndTaken() {
        assumeTrue(!subject().token().isEmpty(), "no -Dtoken given");

        Reply without = examiner().sendWithoutToken("POST", endpoint(), offer(), "Content-Type", "application/sdp");
        Opened session = open();

        assertThat(without.status()).isEqualTo(401);
        assertThat(without.header("WWW-Authenticate")).isNotEmpty();
        assertThat(examiner().send("DELETE", session.url(), "").statusClass()).isEqualTo(2);
    }

    @Line(value = "S36", level = Line.Level.MAY)
    void s36SessionUrlIsACapability() {
        assumeTrue(!subject().token().isEmpty(), "no -Dtoken given");
        Opened session = open();

        int status = examiner().sendWithoutToken("DELETE", session.url(), "").status();

        mayLack(status / 100 == 2, "DELETE without the token answered " + status);
    }

    @Line("S37")
    void s37EachExtensionHasItsOwnLink() {
        List<String> extensions = open(offerWithDataChannel()).created().headers("Link").stream()
                .filter(link -> link.contains(":ext:"))
                .toList();

        mayLack(!extensions.isEmpty(), "has no extension");
        assertThat(extensions)
                .allSatisfy(link -> assertThat(link)
                        .matches("<[^>]+>;\\s*rel=\"?" + extensionPrefix() + "[^\"]*\"?.*")
                        .doesNotContain(">, <"));
    }

    /** An offer that opts in to what there may be. */
    abstract String offerWithDataChannel();

    @Line("S38")
    void s38NoExtensionIsRequired() {
        Opened session = open();

        assertThat(session.offered().media())
                .noneMatch(section -> section.media().equals("application"));
        assertThat(examiner().send("DELETE", session.url(), "").statusClass()).isEqualTo(2);
    }

    @Line(value = "S39", level = Line.Level.MAY)
    void s39EndpointIsHttps() {
        assumeTrue(endpoint().getScheme().equals("https"), "examined over plain http");
    }

    @Line(value = "S40", level = Line.Level.SHOULD)
    void s40SessionUrlsCannotBeGuessed() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Opened session = open();
            ids.add(Stream.of(session.url().getPath().split("/")).reduce("", (a, b) -> b));
            examiner().send("DELETE", session.url(), "");
        }

        assertThat(ids).doesNotHaveDuplicates();
        mayLack(ids.stream().allMatch(id -> id.length() >= 22), "session ids like " + ids.get(0));
    }
}
