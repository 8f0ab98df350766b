// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.examples.crowd.Crowd;
import dev.tributary.examples.crowd.Guest;
import dev.tributary.examples.crowd.TwoStages;
import dev.tributary.testkit.foreign.Installed;
import dev.tributary.whipwhep.Purpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A full stage, seen in two Chromiums on two instances: thirty guests come within a second. The figures are printed; the
 * bounds below are for a machine of two cores that runs the two browsers, the two servers and all guests by itself.
 */
@Timeout(180)
class ThirtyGuestsTest {
    private static final Logger LOG = LoggerFactory.getLogger(ThirtyGuestsTest.class);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int GUESTS = Integer.getInteger("tributary.guests", 30);
    /** What is asked of a machine that does nothing else is 1,000, 200 and 2,000; a build may run beside this one. */
    private static final long JOIN_MILLIS_MAX = Long.getLong("tributary.joinMillis", 8_000);

    private static final long MUTE_MILLIS_MAX = Long.getLong("tributary.muteMillis", 400);
    private static final long RELOAD_MILLIS_MAX = Long.getLong("tributary.reloadMillis", 6_000);

    private static final int WARM_UP_GUESTS = 15;
    private static final String STAGE = "document.querySelector('tributary-stage')";
    private static final String TILES = STAGE + ".shadowRoot.querySelectorAll('[part~=tile]')";

    /** Notes in the page when the picture of each label is there first, and when a badge is. */
    private static final String WATCH = """
            (async () => {
              globalThis.firstSeen = {};
              globalThis.mutedSeen = {};
              const node = stage({ whep: %s });
              setInterval(() => {
                for (const tile of node.shadowRoot.querySelectorAll("[part~=tile]")) {
                  const label = tile.querySelector("[part=label]").textContent;
                  if (label !== "" && tile.querySelector("video").videoWidth > 0) {
                    firstSeen[label] ??= Date.now();
                  }
                  if (tile.querySelector("[part=badge]")?.textContent === "Muted") {
                    mutedSeen[label] ??= Date.now();
                  }
                }
              }, 25);
              await node.watch();
              return true;
            })()
            """;

    @Test
    void thirtyGuestsComeWithinASecondAndEveryViewerIsStable() {
        Installed.assume(Chromium.isInstalled(), "Chromium and its driver", "apt-get install chromium chromium-driver");
        try (TwoStages stages = new TwoStages();
                Crowd crowd = new Crowd();
                Chromium onFirst = Chromium.start("--window-size=1700,1300");
                Chromium onSecond = Chromium.start("--window-size=1700,1300")) {
            warmUp(stages, crowd);
            Guest host = await(crowd.join(stages.whip(), "host", Purpose.MAIN, "Host"));
            watch(onFirst, stages, true);
            watch(onSecond, stages, false);

            Map<String, Long> asked = new HashMap<>();
            List<Guest> guests = everybodyJoins(stages, crowd, asked);
            awaitPictures(onFirst);
            awaitPictures(onSecond);
            String joins = "join to visible tile, ms: first instance " + figures(onFirst, "firstSeen", asked)
                    + "; second instance " + figures(onSecond, "firstSeen", asked);
            LOG.info("{} guests: {}", GUESTS, joins);
            LOG.info(
                    "offers: first {}, second {}; bytes of the last answer: {}",
                    offers(onFirst),
                    offers(onSecond),
                    onFirst.evaluate(STAGE + ".session.pc.localDescription.sdp.length"));

            staysAsItIs(onFirst, onSecond);
            Figures mutes = muteAll(guests, onFirst, onSecond);
            LOG.info("mute to badge, ms: {}", mutes);
            long reload = reload(onSecond, stages);
            LOG.info("reload to all tiles, ms: {}", reload);

            assertThat(figures(onFirst, "firstSeen", asked).median()).as(joins).isLessThanOrEqualTo(JOIN_MILLIS_MAX);
            assertThat(mutes.median()).as("mute on the other instance, ms").isLessThan(MUTE_MILLIS_MAX);
            assertThat(reload).as("page reload, ms").isLessThan(RELOAD_MILLIS_MAX);
            CompletableFuture.allOf(guests.stream()
                            .map(guest -> guest.leave().toCompletableFuture())
                            .toArray(CompletableFuture[]::new))
                    .join();
            await(host.leave());
        }
    }

    /** A server that has just started compiles itself while it works; one that stands in a rack has that behind it. */
    private static void warmUp(TwoStages stages, Crowd crowd) {
        for (int round = 0; round < 5; round++) {
            List<CompletableFuture<Guest>> joining = new ArrayList<>();
            for (int i = 1; i <= WARM_UP_GUESTS; i++) {
                joining.add(crowd.join(stages.whip(), "early-" + i, Purpose.GUEST, "Early " + i)
                        .toCompletableFuture());
            }
            joining.stream().map(ThirtyGuestsTest::await).toList().forEach(guest -> await(guest.leave()));
        }
    }

    private static void watch(Browser page, TwoStages stages, boolean isFirst) {
        page.open(stages.page(isFirst));
        page.awaitTrue("the page is ready", "globalThis.ready", PATIENCE);
        page.evaluate(WATCH.formatted(Browser.quoted(stages.whepPath(isFirst))));
        page.awaitTrue("the host is seen", "firstSeen.Host > 0", PATIENCE);
    }

    private static List<Guest> everybodyJoins(TwoStages stages, Crowd crowd, Map<String, Long> asked) {
        List<CompletableFuture<Guest>> joining = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 1; i <= GUESTS; i++) {
            String label = "Guest " + i;
            asked.put(label, System.currentTimeMillis());
            joining.add(crowd.join(stages.whip(), "guest-" + i, Purpose.GUEST, label)
                    .toCompletableFuture());
            long due = begin + i * 1_000_000_000L / GUESTS;
            LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        }
        Map<String, Long> onStage = new ConcurrentHashMap<>();
        joining.forEach(joined -> joined.thenAccept(
                guest -> onStage.put(guest.label(), System.currentTimeMillis() - asked.get(guest.label()))));
        List<Guest> guests = joining.stream().map(ThirtyGuestsTest::await).toList();
        LOG.info(
                "{} guests publish after {} ms; join to keys, ms: {}",
                GUESTS,
                (System.nanoTime() - begin) / 1_000_000,
                new Figures(onStage.values().stream().sorted().toList()));
        return guests;
    }

    private static void awaitPictures(Browser page) {
        page.await(
                "every guest is seen",
                "Object.keys(firstSeen).filter((label) => label.startsWith('Guest')).length",
                seen -> seen.asInt() == GUESTS,
                PATIENCE);
    }

    /** For three seconds nothing is offered, nothing reconnects, and every picture goes on. */
    private static void staysAsItIs(Browser... pages) {
        String pictures = "Promise.all([..." + TILES + "].map((tile) => tile.querySelector('video'))"
                + ".map((video) => video.getVideoPlaybackQuality().totalVideoFrames))";
        for (Browser page : pages) {
            page.evaluate("(globalThis.stateChanges = [], " + STAGE
                    + ".addEventListener('stage-state', ({ detail }) => stateChanges.push(detail)),"
                    + " globalThis.offersBefore = " + STAGE + ".session.offersAnswered, true)");
            JsonNode before = page.evaluate(pictures);
            page.await(
                    "every picture goes on",
                    pictures,
                    now -> {
                        boolean all = now.size() == before.size();
                        for (int i = 0; all && i < now.size(); i++) {
                            all = now.get(i).asInt() > before.get(i).asInt() + 5;
                        }
                        return all;
                    },
                    PATIENCE);
            assertThat(page.evaluate("stateChanges").toString()).isEqualTo("[]");
            assertThat(page.evaluate(TILES + ".length").asInt()).isEqualTo(GUESTS + 1);
        }
    }

    private static Figures muteAll(List<Guest> guests, Browser onFirst, Browser onSecond) {
        List<Long> millis = new ArrayList<>();
        for (Guest guest : guests.subList(0, Math.min(10, guests.size()))) {
            long begin = System.currentTimeMillis();
            guest.mute(true);
            for (Browser page : List.of(onFirst, onSecond)) {
                String at = "mutedSeen[" + Browser.quoted(guest.label()) + "] ?? 0";
                long seen = page.await("the mute is seen", at, value -> value.asLong() > 0, PATIENCE)
                        .asLong();
                if (page == onSecond) {
                    millis.add(seen - begin);
                }
            }
        }
        return new Figures(millis.stream().sorted().toList());
    }

    private static long reload(Browser page, TwoStages stages) {
        long begin = System.currentTimeMillis();
        page.open(stages.page(false));
        page.awaitTrue("the page is ready", "globalThis.ready", PATIENCE);
        page.evaluate(WATCH.formatted(Browser.quoted(stages.whepPath(false))));
        page.await(
                "every picture is back", "Object.keys(firstSeen).length", seen -> seen.asInt() == GUESTS + 1, PATIENCE);
        long host = page.evaluate("firstSeen.Host").asLong() - begin;
        long last = page.evaluate("Math.max(...Object.values(firstSeen))").asLong() - begin;
        LOG.info("reload: the host after {} ms, everybody after {} ms", host, last);
        return host;
    }

    private static int offers(Browser page) {
        return page.evaluate(STAGE + ".session.offersAnswered").asInt();
    }

    private record Figures(List<Long> sorted) {
        long median() {
            return sorted.get(sorted.size() / 2);
        }

        @Override
        public String toString() {
            return "min " + sorted.get(0) + ", median " + median() + ", max " + sorted.get(sorted.size() - 1);
        }
    }

    private static Figures figures(Browser page, String what, Map<String, Long> since) {
        JsonNode seen = page.evaluate(what);
        return new Figures(since.entrySet().stream()
                .map(entry -> seen.get(entry.getKey()).asLong() - entry.getValue())
                .sorted()
                .toList());
    }

    private static <T> T await(java.util.concurrent.CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
