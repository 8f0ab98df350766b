// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SeedsTest {
    private String one;
    private String count;

    @BeforeEach
    void putOptionsAside() {
        one = System.clearProperty("tributary.seed");
        count = System.clearProperty("tributary.seeds");
    }

    @AfterEach
    void restoreOptions() {
        restore("tributary.seed", one);
        restore("tributary.seeds", count);
    }

    @Test
    void runsTheDefaultNumberOfSeeds() {
        assertThat(Seeds.stream(3)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void runsAsManyAsTheOptionSays() {
        System.setProperty("tributary.seeds", "5");

        assertThat(Seeds.stream(3)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void replaysOneSeed() {
        System.setProperty("tributary.seeds", "5");
        System.setProperty("tributary.seed", "-17");

        assertThat(Seeds.stream(3)).containsExactly(-17L);
    }

    @Test
    void refusesAnOptionThatIsNoNumber() {
        System.setProperty("tributary.seed", "many");

        assertThatIllegalArgumentException().isThrownBy(() -> Seeds.stream(3)).withMessageContaining("many");
    }

    @Test
    void namesTheSeedThatFailed() {
        var seen = new ArrayList<Long>();

        assertThatThrownBy(() -> Seeds.forEach(5, seed -> {
                    seen.add(seed);
                    if (seed == 2) {
                        throw new IllegalStateException("it broke");
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 2")
                .hasMessageContaining("-Dtributary.seed=2")
                .hasMessageContaining("it broke")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(seen).containsExactly(1L, 2L);
    }

    private static void restore(String option, String value) {
        if (value == null) {
            System.clearProperty(option);
        } else {
            System.setProperty(option, value);
        }
    }
}
