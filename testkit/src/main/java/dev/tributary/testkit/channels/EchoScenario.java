// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.channels;

import java.util.ArrayList;
import java.util.List;

/**
 * Channels of one shape, what is sent on each of them, and who opens them; the far end sends it back. Immutable.
 *
 * @param name a short word, part of the labels
 * @param isOpenedByUs whether the near end opens the channels
 * @param shape how they deliver
 * @param channels how many are open at the same time
 * @param rounds how often as many are opened and closed
 * @param sizesBytes the messages of each channel; text and binary take turns
 */
public record EchoScenario(
        String name, boolean isOpenedByUs, ChannelShape shape, int channels, int rounds, List<Integer> sizesBytes) {

    /** From nothing to the largest message that browsers take, with the edges of fragments and of 16 bits. */
    private static final List<Integer> ALL_SIZES = List.of(
            1, 0, 2, 3, 4, 5, 100, 1_150, 1_170, 1_175, 1_176, 1_180, 1_200, 2_400, 16_384, 65_535, 65_536, 131_072,
            262_144);

    private static final List<Integer> MANY_SMALL = repeated(400, 60);

    /** Copies the sizes. */
    public EchoScenario {
        sizesBytes = List.copyOf(sizesBytes);
    }

    private static final List<Integer> SOME_SIZES = List.of(1, 0, 1_176, 1_200, 16_384, 65_535);

    /** Every order and reliability, opened by either end; all sizes where nothing may be lost. */
    public static List<EchoScenario> everyShape() {
        return everyShape(ALL_SIZES);
    }

    /** A few of them with less in each: for a lossy path to a stack that waits a second for each lost packet. */
    public static List<EchoScenario> someShapes() {
        List<String> names = List.of(
                "ours-reliable",
                "ours-ordered-rtx0",
                "ours-unordered-life500",
                "theirs-unordered",
                "theirs-unordered-rtx0",
                "theirs-ordered-life500");
        return everyShape(SOME_SIZES).stream()
                .filter(scenario -> names.contains(scenario.name))
                .toList();
    }

    private static List<EchoScenario> everyShape(List<Integer> sizes) {
        List<EchoScenario> all = new ArrayList<>();
        for (boolean byUs : new boolean[] {true, false}) {
            String who = byUs ? "ours-" : "theirs-";
            all.add(new EchoScenario(who + "reliable", byUs, ChannelShape.RELIABLE, 1, 1, sizes));
            all.add(new EchoScenario(who + "unordered", byUs, ChannelShape.UNORDERED, 1, 1, sizes));
            all.add(new EchoScenario(who + "parallel", byUs, ChannelShape.RELIABLE, 8, 1, List.of(65_536, 10, 20_000)));
            for (boolean ordered : new boolean[] {true, false}) {
                String order = ordered ? "ordered" : "unordered";
                all.add(new EchoScenario(
                        who + order + "-rtx0", byUs, new ChannelShape(ordered, 0, -1), 1, 1, MANY_SMALL));
                all.add(new EchoScenario(
                        who + order + "-rtx2", byUs, new ChannelShape(ordered, 2, -1), 1, 1, repeated(3_000, 20)));
                all.add(new EchoScenario(
                        who + order + "-life500", byUs, new ChannelShape(ordered, -1, 500), 1, 1, MANY_SMALL));
            }
        }
        return all;
    }

    /** So many channels opened, used and closed, in rounds. */
    public static EchoScenario manyChannels(int total, int atOnce, boolean byUs) {
        return new EchoScenario(
                byUs ? "ours-many" : "theirs-many",
                byUs,
                ChannelShape.RELIABLE,
                atOnce,
                total / atOnce,
                List.of(12, 1_500));
    }

    /** A stream of the largest messages, so that windows fill and slow readers push back. */
    public static EchoScenario bulk(int megabytes) {
        return new EchoScenario("bulk", true, ChannelShape.RELIABLE, 1, 1, repeated(262_144, 4 * megabytes));
    }

    private static List<Integer> repeated(int size, int count) {
        return java.util.Collections.nCopies(count, size);
    }

    @Override
    public String toString() {
        return name;
    }
}
