// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever happens in a session, numbers and ids that are in use keep their meaning. */
final class ReofferInvariantsTest {
    enum Step {
        ADD_AUDIO,
        ADD_VIDEO,
        REMOVE,
        STOP,
        EXCHANGE,
        CANCEL,
        DECLINE,
        RESTART_ICE
    }

    @Property(tries = 300)
    void reoffersNeverChangeWhatIsInUse(@ForAll @Size(max = 40) List<Step> steps, @ForAll boolean browserOffers) {
        var run = new Run(browserOffers);
        for (Step step : steps) {
            run.take(step);
        }
        run.take(Step.EXCHANGE);
        assertThat(run.server.needsOffer()).isFalse();
    }

    private static final class Run {
        final Negotiation server = Peers.server().slotsMax(8).build();
        final Negotiation viewer =
                Peers.client().slotsMax(8).offerDataChannel(true).build();
        private final Map<String, Integer> indexOfMid = new HashMap<>();
        private final Map<Integer, String> codecOfNumber = new HashMap<>();
        private final Map<Integer, String> extensionOfId = new HashMap<>();
        private int sections;
        private int tracks;
        private int version = 1;

        Run(boolean audioAndVideo) {
            viewer.add(MediaKind.AUDIO).receive(true);
            if (audioAndVideo) {
                viewer.add(MediaKind.VIDEO).receive(true);
            }
            server.applyOffer(Peers.reparsed(viewer.createOffer()));
            server.transceivers()
                    .forEach(transceiver -> transceiver
                            .receive(false)
                            .send(SendTrack.of(
                                    "programme", "main-" + transceiver.kind().media())));
            viewer.applyAnswer(Peers.reparsed(server.createAnswer()));
            learn(server.session().local());
        }

        void take(Step step) {
            switch (step) {
                case ADD_AUDIO -> add(MediaKind.AUDIO);
                case ADD_VIDEO -> add(MediaKind.VIDEO);
                case REMOVE -> last(Transceiver::stopSending);
                case STOP -> last(Transceiver::stop);
                case EXCHANGE -> exchange(false);
                case DECLINE -> exchange(true);
                case CANCEL -> cancel();
                case RESTART_ICE ->
                    server.updateTransport(
                            Peers.serverTransport().withCredentials("srv" + version, "another-password-of-24-chars"));
            }
        }

        private void add(MediaKind kind) {
            Transceiver transceiver = server.add(kind);
            if (transceiver != null) {
                transceiver.send(SendTrack.of("stream" + tracks, "track" + tracks++));
            }
        }

        /** The programme, which is first, stays. */
        private void last(java.util.function.Consumer<Transceiver> change) {
            List<Transceiver> all = server.transceivers();
            if (all.size() > 2) {
                change.accept(all.get(all.size() - 1));
            }
        }

        private void exchange(boolean declineOne) {
            SessionDescription offer = offer();
            viewer.applyOffer(offer);
            List<Transceiver> seen = viewer.transceivers();
            if (declineOne && seen.size() > 2) {
                seen.get(seen.size() - 1).stop();
            }
            SessionDescription answer = Peers.reparsed(viewer.createAnswer());
            AnswerRules.checkOurs(offer, answer);
            server.applyAnswer(answer);
            learn(offer);
            compareBothViews();
        }

        private void cancel() {
            NegotiatedSession before = server.session();
            viewer.applyOffer(offer());
            viewer.rollback();
            server.rollback();
            assertThat(server.session()).isSameAs(before);
        }

        private SessionDescription offer() {
            SessionDescription offer = Peers.reparsed(server.createOffer());
            assertThat(offer.origin()).isEqualTo(Origin.of(4711, ++version));
            assertThat(offer.media().size()).isBetween(sections, 8);
            assertThat(offer.bundle().mids().get(0)).isEqualTo("0");
            assertThat(new HashSet<>(
                            offer.media().stream().map(MediaDescription::mid).toList()))
                    .hasSameSizeAs(offer.media());
            return offer;
        }

        private void learn(SessionDescription agreed) {
            sections = agreed.media().size();
            for (int i = 0; i < agreed.media().size(); i++) {
                MediaDescription media = agreed.media().get(i);
                assertThat(indexOfMid.computeIfAbsent(
                                media.mid(), mid -> agreed.media().indexOf(media)))
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
            Set<Integer> ids = new HashSet<>();
            for (HeaderExtension extension : media.headerExtensions()) {
                assertThat(ids.add(extension.id())).isTrue();
                assertThat(extensionOfId.computeIfAbsent(extension.id(), id -> extension.uri()))
                        .isEqualTo(extension.uri());
            }
        }

        private void compareBothViews() {
            List<NegotiatedMedia> ours = server.session().media();
            List<NegotiatedMedia> theirs = viewer.session().media();
            assertThat(ours).hasSameSizeAs(theirs);
            for (int i = 0; i < ours.size(); i++) {
                assertThat(ours.get(i).direction())
                        .isEqualTo(theirs.get(i).direction().reversed());
                assertThat(ours.get(i).rejected()).isEqualTo(theirs.get(i).rejected());
                assertThat(ours.get(i).codecs())
                        .extracting(NegotiatedCodec::sendPayloadType)
                        .isEqualTo(theirs.get(i).codecs().stream()
                                .map(NegotiatedCodec::receivePayloadType)
                                .toList());
                assertThat(ours.get(i).headerExtensions())
                        .isEqualTo(theirs.get(i).headerExtensions());
            }
            assertThat(server.session().dtlsRole())
                    .isNotEqualTo(viewer.session().dtlsRole());
        }
    }
}
