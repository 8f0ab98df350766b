// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

import dev.tributary.testkit.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Random commands against a {@link ChannelModel} that knows only what an application may rely on. {@code
 * -Dtributary.seeds=2000} runs more of them, {@code -Dtributary.seed=17} replays one.
 */
class RandomCommandsTest {
    @Test
    void behavesAsTheModelUnderRandomCommands() {
        Seeds.forEach(200, seed -> new CommandRun(seed).play());
    }
}
