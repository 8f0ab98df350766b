// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Sender and receiver over a channel that delays, cuts, loses, repeats and forges, with owners that are slow, decline,
 * reject and break. However it went, both agree in the end. More seeds: {@code -Dtributary.seeds=10000}.
 */
class HostileChannelTest {
    private static final int SEEDS = Integer.getInteger("tributary.seeds", 150);
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000 * MILLIS;
    private static final long TROUBLE_NANOS = 60 * SECONDS;
    private static final long CALM_NANOS = 100 * SECONDS;
    private static final int SLOTS_MAX = 12;

    /** What a real description of all slots may have: it does not grow with the number of offers. */
    private static final int OFFER_CHARACTERS_MAX = SLOTS_MAX * 2_500;

    /**
     * When both agree at the latest, once the channel and the owners behave: an offer that nobody will answer is taken back
     * after 15 s, given up 5 s later, and offered anew on the channel after that, which takes this owner 7 s to open.
     */
    private static final long CONVERGENCE_NANOS = 30 * SECONDS;

    @Test
    void bothSidesAgreeInTheEndWhenTheServerSends() {
        runSeeds(true, false);
    }

    @Test
    void bothSidesAgreeInTheEndWhenTheClientSends() {
        runSeeds(false, false);
    }

    @Test
    void descriptionsStayWithinTheirSlotsWhenTheServerSends() {
        runSeeds(true, true);
    }

    @Test
    void descriptionsStayWithinTheirSlotsWhenTheClientSends() {
        runSeeds(false, true);
    }

    private static void runSeeds(boolean serverSends, boolean isDescribed) {
        String only = System.getProperty("seed");
        long first = only == null ? 1 : Long.parseLong(only);
        long last = only == null ? SEEDS : first;
        int changes = 0;
        int offers = 0;
        for (long seed = first; seed <= last; seed++) {
            Run run = new Run(seed, serverSends, isDescribed);
            try {
                run.run();
                changes += run.sender.revision();
                offers += run.offers;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "Replay with -Dseed=" + seed + ", serverSends=" + serverSends + ", isDescribed="
                                + isDescribed + "\n"
                                + String.join("\n", run.log.subList(Math.max(0, run.log.size() - 80), run.log.size())),
                        e);
            }
        }
        // The runs did what they are for.
        assertThat(changes).isGreaterThan((int) (last - first + 1) * 10);
        assertThat(offers).isGreaterThan((int) (last - first + 1) * 3);
    }

    private record Action(long atNanos, long order, Runnable what) {}

    private static final class Run {
        private final SplittableRandom random;
        private final DynamicSender sender;
        private final DynamicReceiver receiver;
        private final DynamicEnd senderEnd;
        private final DynamicEnd receiverEnd;
        private final PriorityQueue<Action> actions =
                new PriorityQueue<>(Comparator.comparingLong(Action::atNanos).thenComparingLong(Action::order));
        private final List<String> log = new ArrayList<>();

        private final Descriptions descriptions;
        private final Map<String, TrackKind> kinds = new HashMap<>();
        /** Every message of these runs is held against the schema. */
        private final boolean isChecked;

        private long lastDisagreementNanos;
        private long offeredSeq;
        private long repliedSeq;
        private long now;
        private long order;
        private int channel;
        private boolean isOpen;
        private long toSenderNanos;
        private long toReceiverNanos;
        private int offers;
        private int trackNumber;

        // The owners: slots as the sender committed and offers them, the description that the receiver has.
        private List<String> committedSlots = new ArrayList<>();
        private List<String> offeredSlots;
        private boolean isOfferOut;
        private long pendingSeq = -1;
        private final Map<Long, List<String>> slotsBySeq = new HashMap<>();

        Run(long seed, boolean serverSends, boolean isDescribed) {
            this.descriptions = isDescribed ? new Descriptions(SLOTS_MAX) : null;
            this.isChecked = seed % 10 == 0;
            this.random = new SplittableRandom(seed);
            DynamicOptions server =
                    DynamicOptions.server("s1", serverSends ? ControlRole.VIEWER : ControlRole.PUBLISHER);
            DynamicOptions client = DynamicOptions.client(serverSends ? ControlRole.VIEWER : ControlRole.PUBLISHER);
            this.sender = DynamicSender.of(serverSends ? server : client);
            this.receiver = DynamicReceiver.of(serverSends ? client : server);
            this.senderEnd = sender;
            this.receiverEnd = receiver;
        }

        void run() {
            open();
            for (int i = 0; i < 60; i++) {
                at(random.nextLong(TROUBLE_NANOS), this::disturb);
            }
            until(TROUBLE_NANOS);
            // Calm: a channel that stays, owners that do their work.
            isCalm = true;
            reopen();
            // A lost change shows at the next one.
            sender.put(newTrack(), now);
            until(TROUBLE_NANOS + CALM_NANOS);

            assertThat(receiver.tracks()).as("track lists").isEqualTo(sender.tracks());
            assertThat(receiver.revision()).as("revisions").isEqualTo(sender.revision());
            assertThat(isOfferOut).as("an offer is still out").isFalse();
            assertThat(lastDisagreementNanos - TROUBLE_NANOS)
                    .as("time to agree")
                    .isLessThan(CONVERGENCE_NANOS);
            if (descriptions == null) {
                checkSlots();
            } else {
                checkDescriptions();
            }
        }

        private void checkDescriptions() {
            assertThat(descriptions.sections()).as("sections").isLessThanOrEqualTo(SLOTS_MAX);
            Map<String, String> agreed = new HashMap<>();
            sender.tracks().stream()
                    .filter(track -> track.mid() != null)
                    .forEach(track -> agreed.put(track.id(), track.mid()));
            assertThat(agreed).isEqualTo(descriptions.agreed());
        }

        private void checkSlots() {
            assertThat(committedSlots.size()).as("slots").isLessThanOrEqualTo(SLOTS_MAX);
            Set<String> carried = new HashSet<>(committedSlots);
            for (Track track : sender.tracks()) {
                int slot = track.mid() == null ? -1 : Integer.parseInt(track.mid());
                assertThat(slot < 0 || committedSlots.get(slot).equals(track.id()))
                        .as("mid of " + track.id())
                        .isTrue();
                assertThat(carried.contains(track.id()) && track.mid() == null)
                        .as("carried without a mid: " + track.id() + " in " + committedSlots)
                        .isFalse();
            }
        }

        private boolean isCalm;

        private void at(long nanos, Runnable what) {
            actions.add(new Action(Math.max(nanos, now), order++, what));
        }

        private void after(long nanos, Runnable what) {
            at(now + nanos, what);
        }

        private long jitter(long millis) {
            return random.nextLong(millis * MILLIS) + 1;
        }

        private void until(long end) {
            while (true) {
                drain();
                boolean isAgreed = !isOfferOut && receiver.tracks().equals(sender.tracks());
                lastDisagreementNanos = isAgreed ? lastDisagreementNanos : now;
                long timeout = Math.min(senderEnd.nextTimeoutNanos(), receiverEnd.nextTimeoutNanos());
                long action =
                        actions.isEmpty() ? Long.MAX_VALUE : actions.peek().atNanos();
                long next = Math.min(timeout, action);
                if (next > end) {
                    now = end;
                    return;
                }
                now = Math.max(now, next);
                if (action <= timeout) {
                    actions.poll().what().run();
                } else {
                    senderEnd.handleTimeout(now);
                    receiverEnd.handleTimeout(now);
                }
            }
        }

        private void open() {
            channel++;
            isOpen = true;
            toSenderNanos = 0;
            toReceiverNanos = 0;
            log.add(now / MILLIS + " channel " + channel + " opens");
            senderEnd.opened(now);
            receiverEnd.opened(now);
        }

        private void cut() {
            if (isOpen) {
                log.add(now / MILLIS + " channel is cut");
                isOpen = false;
                channel++;
                senderEnd.closed(now);
                receiverEnd.closed(now);
                after(jitter(4000), this::reopen);
            }
        }

        private void reopen() {
            if (!isOpen) {
                open();
            }
        }

        private void drain() {
            boolean isIdle = false;
            while (!isIdle) {
                isIdle = true;
                for (String text; (text = senderEnd.pollMessage()) != null; isIdle = false) {
                    carry(text, true);
                }
                for (String text; (text = receiverEnd.pollMessage()) != null; isIdle = false) {
                    carry(text, false);
                }
                for (DynamicEvent event; (event = senderEnd.pollEvent()) != null; isIdle = false) {
                    senderOwner(event);
                }
                for (DynamicEvent event; (event = receiverEnd.pollEvent()) != null; isIdle = false) {
                    receiverOwner(event);
                }
            }
        }

        private void carry(String text, boolean toReceiver) {
            log.add(now / MILLIS + (toReceiver ? " S> " : " R> ") + text);
            if (isChecked) {
                assertThat(MessageSchema.mistakesOfItsType(text)).as(text).isEmpty();
            }
            if (toReceiver && text.startsWith("{\"type\":\"offer\"")) {
                watchOffer(text);
            }
            // The channel is reliable, but for what the protocol makes good again.
            boolean isRepeated = text.contains("\"type\":\"answer\"")
                    || text.contains("\"type\":\"cancelled\"")
                    || text.contains("\"type\":\"offer\"")
                    || text.contains("\"type\":\"reject\"")
                    || text.contains("\"type\":\"track\"");
            if (!isCalm && isRepeated && random.nextInt(8) == 0) {
                log.add("   lost");
                return;
            }
            int copies = !isCalm && isRepeated && random.nextInt(8) == 0 ? 2 : 1;
            long due = now + jitter(isCalm ? 50 : 400);
            due = Math.max(due, toReceiver ? toReceiverNanos : toSenderNanos);
            if (toReceiver) {
                toReceiverNanos = due;
            } else {
                toSenderNanos = due;
            }
            int on = channel;
            for (int i = 0; i < copies; i++) {
                at(due, () -> {
                    if (isOpen && channel == on) {
                        deliver(text, toReceiver);
                    }
                });
            }
        }

        /** One offer at most: before the next one, the one before was replied to. */
        private void watchOffer(String text) {
            long seq = seq(text);
            assertThat(seq == offeredSeq || repliedSeq == offeredSeq)
                    .as("offer " + seq + " while " + offeredSeq + " is in flight")
                    .isTrue();
            offeredSeq = seq;
            assertThat(text.length()).isLessThan(OFFER_CHARACTERS_MAX);
        }

        private static long seq(String text) {
            return MessageSchema.JSON.readTree(text).get("seq").longValue();
        }

        private void deliver(String text, boolean toReceiver) {
            if (!toReceiver && text.matches("\\{\"type\":\"(answer|reject|cancelled)\".*") && seq(text) == offeredSeq) {
                repliedSeq = offeredSeq;
            }
            (toReceiver ? receiverEnd : senderEnd).handleText(text, now);
        }

        private void disturb() {
            switch (random.nextInt(13)) {
                case 0, 1, 2, 3 -> sender.put(newTrack(), now);
                case 4, 5 -> anyTrack().ifPresent(track -> sender.remove(track.id(), now));
                case 6, 7 -> anyTrack().ifPresent(track -> sender.put(track.withMuted(!track.muted()), now));
                case 8 -> cut();
                case 9 ->
                    anyTrack()
                            .ifPresent(track -> receiver.request(TrackRequest.of(
                                    random.nextBoolean() ? TrackRequest.Op.SUBSCRIBE : TrackRequest.Op.UNSUBSCRIBE,
                                    track.id())));
                case 10 ->
                    anyTrack()
                            .ifPresent(track -> receiver.request(TrackRequest.of(
                                    random.nextBoolean() ? TrackRequest.Op.PAUSE : TrackRequest.Op.RESUME,
                                    track.id())));
                case 11 -> forge();
                default -> {
                    sender.iceRestartStarted(now);
                    after(jitter(2000), () -> sender.iceRestartFinished(now));
                }
            }
        }

        private Track newTrack() {
            int number = ++trackNumber;
            TrackKind kind = random.nextBoolean() ? TrackKind.AUDIO : TrackKind.VIDEO;
            kinds.put("t" + number, kind);
            return Track.of("t" + number, kind, Purpose.GUEST, "Track " + number, "stream" + number);
        }

        private java.util.Optional<Track> anyTrack() {
            List<Track> list = sender.tracks();
            return list.isEmpty()
                    ? java.util.Optional.empty()
                    : java.util.Optional.of(list.get(random.nextInt(list.size())));
        }

        private void forge() {
            if (!isOpen) {
                return;
            }
            long seq = random.nextLong(20);
            List<String> toSender = List.of(
                    "{\"type\":\"answer\",\"seq\":" + (seq + 1000) + ",\"sdp\":\"forged\"}",
                    "{\"type\":\"answer\"}",
                    "{\"type\":\"cancelled\",\"seq\":" + (seq + 1000) + "}",
                    "{\"type\":\"request\",\"id\":1,\"op\":\"subscribe\",\"track\":\"nobody\"}",
                    "{\"type\":\"offer\",\"seq\":1,\"mids\":{},\"sdp\":\"v=0\"}",
                    "[1,2",
                    "{\"type\":\"tomorrow\",\"x\":{}}");
            List<String> toReceiver = List.of(
                    "{\"type\":\"track\",\"revision\":0,\"op\":\"remove\",\"track\":{\"id\":\"t1\"}}",
                    "{\"type\":\"offer\",\"seq\":0,\"mids\":{},\"sdp\":\"old\"}",
                    "{\"type\":\"request\",\"id\":1,\"op\":\"resync\"}",
                    "{}",
                    "null");
            senderEnd.handleText(toSender.get(random.nextInt(toSender.size())), now);
            receiverEnd.handleText(toReceiver.get(random.nextInt(toReceiver.size())), now);
        }

        // ---- the owner of the sender: slots that are reused, and a description that is only theirs ----

        private void senderOwner(DynamicEvent event) {
            log.add(now / MILLIS + " S: " + event);
            if (event instanceof DynamicEvent.OfferNeeded needed) {
                assertThat(isOfferOut).as("two offers in flight").isFalse();
                isOfferOut = true;
                after(jitter(isCalm ? 5 : 300), () -> makeOffer(needed.wanted()));
            } else if (event instanceof DynamicEvent.AnswerReceived answer) {
                after(jitter(isCalm ? 5 : 300), () -> applyAnswer(answer));
            } else if (event instanceof DynamicEvent.OfferRolledBack) {
                isOfferOut = false;
                rollBackSender();
            } else if (event instanceof DynamicEvent.CloseChannel) {
                cut();
            } else if (event instanceof DynamicEvent.NegotiationFailed) {
                // The offer that nobody answers is still out for the machine; a late answer to it would count.
                after(jitter(3000), this::cut);
            } else if (event instanceof DynamicEvent.RequestReceived request) {
                sender.accept(request.id());
            }
        }

        private void rollBackSender() {
            if (descriptions != null) {
                descriptions.rollBackSender();
            }
        }

        private void makeOffer(List<String> wanted) {
            if (descriptions == null) {
                makeSlotOffer(wanted);
                return;
            }
            String sdp = descriptions.offer(wanted, kinds);
            if (sdp == null) {
                isOfferOut = false;
                sender.offerNotNeeded(now);
                return;
            }
            if (sender.offer(sdp, descriptions.mids(), now) == 0) {
                isOfferOut = false;
                descriptions.rollBackSender();
                return;
            }
            offers++;
        }

        private void makeSlotOffer(List<String> wanted) {
            List<String> slots = new ArrayList<>(committedSlots);
            slots.replaceAll(track -> wanted.contains(track) ? track : "");
            for (String track : wanted) {
                if (!slots.contains(track)) {
                    int free = slots.indexOf("");
                    if (free >= 0) {
                        slots.set(free, track);
                    } else if (slots.size() < SLOTS_MAX) {
                        slots.add(track);
                    }
                }
            }
            Map<String, String> mids = new LinkedHashMap<>();
            for (int i = 0; i < slots.size(); i++) {
                mids.put("" + i, slots.get(i).isEmpty() ? null : slots.get(i));
            }
            long seq = sender.offer("slots " + slots, mids, now);
            if (seq == 0) {
                isOfferOut = false;
                return;
            }
            offers++;
            offeredSlots = slots;
            slotsBySeq.put(seq, slots);
        }

        private void applyAnswer(DynamicEvent.AnswerReceived answer) {
            if (descriptions != null) {
                isOfferOut = false;
                sender.committed(answer.seq(), descriptions.apply(answer.sdp()), now);
                return;
            }
            assertThat(answer.sdp()).startsWith("answer " + answer.seq());
            if (!isCalm && random.nextInt(12) == 0) {
                isOfferOut = false;
                sender.answerRefused(answer.seq(), "broken", now);
                return;
            }
            committedSlots = new ArrayList<>(offeredSlots);
            Set<String> declined = new HashSet<>();
            if (answer.sdp().contains("declines")) {
                String track = answer.sdp().substring(answer.sdp().indexOf("declines ") + 9);
                int slot = committedSlots.indexOf(track);
                if (slot >= 0) {
                    declined.add(track);
                    committedSlots.set(slot, "");
                }
            }
            isOfferOut = false;
            sender.committed(answer.seq(), declined, now);
        }

        private void receiverOwner(DynamicEvent event) {
            log.add(now / MILLIS + " R: " + event);
            if (event instanceof DynamicEvent.OfferReceived offer) {
                assertThat(pendingSeq)
                        .as("an offer came while another one was at the owner")
                        .isEqualTo(-1);
                if (descriptions == null) {
                    assertThat(offer.sdp()).isEqualTo("slots " + slotsBySeq.get(offer.seq()));
                }
                pendingSeq = offer.seq();
                int mood = isCalm ? 0 : random.nextInt(20);
                // 1: never answers, 2: rejects, 3: declines one
                if (mood != 1) {
                    after(jitter(isCalm ? 5 : 1000), () -> reply(offer, mood));
                }
            } else if (event instanceof DynamicEvent.OfferCancelled cancelled) {
                assertThat(cancelled.seq()).isEqualTo(pendingSeq);
                pendingSeq = -1;
            } else if (event instanceof DynamicEvent.CloseChannel) {
                cut();
            } else if (event instanceof DynamicEvent.SetReceived set) {
                receiver.accept(set.id());
            }
        }

        private void reply(DynamicEvent.OfferReceived offer, int mood) {
            if (pendingSeq != offer.seq()) {
                return;
            }
            pendingSeq = -1;
            if (mood == 2) {
                assertThat(receiver.reject(offer.seq(), ErrorCode.INVALID_SDP, "no", now))
                        .isTrue();
                return;
            }
            if (descriptions != null) {
                String declined = mood == 3
                        ? offer.mids().entrySet().stream()
                                .filter(line -> line.getValue() != null)
                                .map(Map.Entry::getKey)
                                .findFirst()
                                .orElse("")
                        : "";
                assertThat(receiver.answer(offer.seq(), descriptions.answer(offer.sdp(), declined), now))
                        .isTrue();
                return;
            }
            String declines = mood == 3
                    ? offer.mids().values().stream()
                            .filter(track -> track != null)
                            .findFirst()
                            .map(track -> " declines " + track)
                            .orElse("")
                    : "";
            assertThat(receiver.answer(offer.seq(), "answer " + offer.seq() + declines, now))
                    .isTrue();
        }
    }
}
