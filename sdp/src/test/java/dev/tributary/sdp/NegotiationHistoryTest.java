// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Histories of a session in which both sides add, change, remove and stop tracks, offer, refuse, cancel and restart ICE, in any
 * order: each answer matches its offer, both sides agree on what was agreed, and what is in use keeps its number.
 */
final class NegotiationHistoryTest {
    private static final int SLOTS_MAX = 8;

    enum Act {
        ADD_AUDIO,
        ADD_VIDEO,
        ADD_SIMULCAST,
        RECEIVE,
        REMOVE,
        STOP,
        OFFER,
        OFFER_AND_REFUSE,
        OFFER_AND_CANCEL,
        OFFER_AND_BREAK,
        RESTART_ICE
    }

    /** What one side does, and to which of its transceivers. */
    record Step(boolean byServer, Act act, int which) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.of(Act.class),
                        Arbitraries.integers().between(0, 9))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 200)
    void keepsEveryPromiseThroughAnyHistory(
            @ForAll("histories") List<Step> steps, @ForAll boolean withVideo, @ForAll boolean withChannel) {
        var run = new Run(withVideo, withChannel);

        steps.forEach(run::take);

        run.exchange(run.server, run.client, List.of());
        run.exchange(run.client, run.server, List.of());
        assertThat(run.client.needsOffer()).isFalse();
    }

    private static final class Run {
        final Negotiation server = Peers.server().slotsMax(SLOTS_MAX).build();
        final Negotiation client;
        private final Map<String, Integer> indexOfMid = new HashMap<>();
        private final Map<Integer, String> codecOfNumber = new HashMap<>();
        private final Map<Integer, String> extensionOfId = new HashMap<>();
        private final Map<Negotiation, Long> versions = new HashMap<>();
        private final boolean hasChannel;
        private int sections;
        private int tracks;
        private int restarts;

        Run(boolean withVideo, boolean withChannel) {
            client = Peers.client()
                    .slotsMax(SLOTS_MAX)
                    .offerDataChannel(withChannel)
                    .build();
            hasChannel = withChannel;
            client.add(MediaKind.AUDIO).receive(true);
            if (withVideo) {
                client.add(MediaKind.VIDEO).receive(true);
            }
            exchange(client, server, List.of());
        }

        void take(Step step) {
            Negotiation actor = step.byServer ? server : client;
            Negotiation other = step.byServer ? client : server;
            switch (step.act) {
                case ADD_AUDIO -> add(actor, MediaKind.AUDIO, List.of());
                case ADD_VIDEO -> add(actor, MediaKind.VIDEO, List.of());
                case ADD_SIMULCAST -> add(actor, MediaKind.VIDEO, List.of("h", "l"));
                case RECEIVE -> pick(actor, step.which).forEach(it -> it.receive(step.which % 2 == 0));
                case REMOVE -> pick(actor, step.which).forEach(Transceiver::stopSending);
                case STOP -> pick(actor, step.which).forEach(Transceiver::stop);
                case OFFER -> exchange(actor, other, List.of());
                case OFFER_AND_REFUSE -> exchange(actor, other, List.of(step.which));
                case OFFER_AND_CANCEL -> cancel(actor, other);
                case OFFER_AND_BREAK -> breakAnswer(actor, other);
                case RESTART_ICE -> restart(actor);
            }
        }

        private void add(Negotiation actor, MediaKind kind, List<String> rids) {
            Transceiver transceiver = actor.add(kind);
            if (transceiver != null) {
                transceiver.send(
                        SendTrack.of("stream" + tracks, "track" + tracks++).withRids(rids));
            }
        }

        private static List<Transceiver> pick(Negotiation actor, int which) {
            List<Transceiver> all = actor.transceivers();
            return all.isEmpty() ? List.of() : List.of(all.get(which % all.size()));
        }

        private void restart(Negotiation actor) {
            TransportDescription before = actor == server
                    ? Peers.serverTransport()
                    : TransportDescription.of("cli1", "client-password-of-24-chars", Peers.CLIENT_CERTIFICATE);
            actor.updateTransport(before.withCredentials("new" + restarts++, "another-password-of-24-chars"));
        }

        /** Offer and answer; the answerer refuses the sections of these transceivers. */
        void exchange(Negotiation offerer, Negotiation answerer, List<Integer> refused) {
            SessionDescription offer = offer(offerer);
            answerer.applyOffer(offer);
            refused.forEach(which -> pick(answerer, which).forEach(Transceiver::stop));
            SessionDescription answer = Peers.reparsed(answerer.createAnswer());
            count(answerer, answer);
            AnswerRules.checkOurs(offer, answer);
            offerer.applyAnswer(answer);
            learn(offer);
            compareBothViews();
        }

        private void cancel(Negotiation offerer, Negotiation answerer) {
            NegotiatedSession before = offerer.session();
            NegotiatedSession theirs = answerer.session();
            List<String> mids = mids(offerer);
            answerer.applyOffer(offer(offerer));
            answerer.rollback();
            offerer.rollback();
            assertThat(offerer.session()).isSameAs(before);
            assertThat(answerer.session()).isSameAs(theirs);
            assertThat(mids(offerer)).isEqualTo(mids);
        }

        private static List<String> mids(Negotiation negotiation) {
            List<String> mids = new ArrayList<>();
            negotiation.transceivers().forEach(transceiver -> mids.add(transceiver.mid()));
            return mids;
        }

        /** An answer that does not fit changes nothing; the offer can be answered, or cancelled as here. */
        private void breakAnswer(Negotiation offerer, Negotiation answerer) {
            NegotiatedSession before = offerer.session();
            SessionDescription offer = offer(offerer);
            SessionDescription.Builder answer = SessionDescription.builder(Origin.of(1, 1));
            offer.media().stream().skip(1).forEach(answer::media);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> offerer.applyAnswer(answer.build())))
                    .isInstanceOf(SdpException.class);
            assertThat(offerer.state()).isEqualTo(Negotiation.State.HAVE_LOCAL_OFFER);
            assertThat(offerer.session()).isSameAs(before);
            offerer.rollback();
            assertThat(answerer.state()).isEqualTo(Negotiation.State.STABLE);
        }

        private SessionDescription offer(Negotiation offerer) {
            SessionDescription offer = Peers.reparsed(offerer.createOffer());
            count(offerer, offer);
            assertThat(offer.media().size()).isBetween(sections, SLOTS_MAX);
            assertThat(offer.media().stream().map(MediaDescription::mid))
                    .doesNotContainNull()
                    .doesNotHaveDuplicates();
            List<MediaDescription> open =
                    offer.media().stream().filter(media -> !media.isRejected()).toList();
            if (!open.isEmpty()) {
                assertThat(offer.bundle().mids())
                        .containsExactlyInAnyOrderElementsOf(
                                open.stream().map(MediaDescription::mid).toList());
                assertThat(offer.media(offer.bundle().mids().get(0)).isRejected())
                        .isFalse();
            }
            return offer;
        }

        private void count(Negotiation author, SessionDescription description) {
            long version = Long.parseLong(description.origin().sessionVersion());
            assertThat(version).isEqualTo(versions.merge(author, 1L, Long::sum));
        }

        private void learn(SessionDescription agreed) {
            sections = agreed.media().size();
            for (int i = 0; i < sections; i++) {
                MediaDescription media = agreed.media().get(i);
                int index = i;
                assertThat(indexOfMid.computeIfAbsent(media.mid(), mid -> index))
                        .isEqualTo(i);
                if (media.kind().isRtp() && !media.isRejected()) {
                    learnNumbers(media);
                }
            }
        }

        private void learnNumbers(MediaDescription media) {
            for (Codec codec : media.codecs()) {
                String what = codec.name() + ' ' + codec.parameters();
                assertThat(codecOfNumber.computeIfAbsent(codec.payloadType(), number -> what))
                        .isEqualTo(what);
            }
            var ids = new HashSet<Integer>();
            for (HeaderExtension extension : media.headerExtensions()) {
                assertThat(ids.add(extension.id())).isTrue();
                assertThat(extensionOfId.computeIfAbsent(extension.id(), id -> extension.uri()))
                        .isEqualTo(extension.uri());
            }
        }

        private void compareBothViews() {
            List<NegotiatedMedia> ours = server.session().media();
            List<NegotiatedMedia> theirs = client.session().media();
            assertThat(ours).hasSameSizeAs(theirs);
            for (int i = 0; i < ours.size(); i++) {
                compare(ours.get(i), theirs.get(i));
            }
            assertThat(server.session().dtlsRole()).isEqualTo(Setup.ACTIVE);
            assertThat(client.session().dtlsRole()).isEqualTo(Setup.PASSIVE);
            assertThat(server.session().iceControlling()).isFalse();
            assertThat(client.session().iceControlling()).isTrue();
            assertThat(client.session().dataChannel() != null).isEqualTo(hasChannel);
            assertThat(server.session().dataChannel() != null).isEqualTo(hasChannel);
            assertThat(server.session().offer()).isEqualTo(client.session().offer());
        }

        private static void compare(NegotiatedMedia ours, NegotiatedMedia theirs) {
            assertThat(ours.mid()).isEqualTo(theirs.mid());
            assertThat(ours.index()).isEqualTo(theirs.index());
            assertThat(ours.rejected()).isEqualTo(theirs.rejected());
            assertThat(ours.direction()).isEqualTo(theirs.direction().reversed());
            assertThat(ours.codecs())
                    .extracting(NegotiatedCodec::sendPayloadType)
                    .isEqualTo(theirs.codecs().stream()
                            .map(NegotiatedCodec::receivePayloadType)
                            .toList());
            assertThat(ours.headerExtensions()).isEqualTo(theirs.headerExtensions());
            assertThat(ours.sendRids()).isEqualTo(theirs.receiveRids());
            assertThat(ours.receiveRids()).isEqualTo(theirs.sendRids());
            if (ours.direction().sends()) {
                assertThat(theirs.remoteMsids()).containsExactly(ours.localMsid());
            }
            if (ours.direction().receives()) {
                assertThat(ours.remoteMsids()).containsExactly(theirs.localMsid());
            }
        }
    }
}
