// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** One line of the checklist in docs/conformance/whip.md or whep.md, and the test of it. */
@Test
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Line {
    /** Its name in the checklist. */
    String value();

    /** How much the text demands. What a server need not do is skipped when it does not; what it must do fails. */
    Level level() default Level.MUST;

    /** The words of RFC 2119. */
    enum Level {
        MUST,
        SHOULD,
        MAY
    }
}
