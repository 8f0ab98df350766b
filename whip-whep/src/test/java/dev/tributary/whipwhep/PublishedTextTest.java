// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class PublishedTextTest {
    /** Tests of other modules stand as {@code module:Name#test}; the examples look for them. */
    private static final Pattern NAME = Pattern.compile("`(\\w+(?:\\$\\w+)?)#(\\w+)`");

    @Test
    void everyTestThatTheTextNamesIsThere() throws Exception {
        String root = System.getProperty("tributary.root", "..");
        String text = Files.readString(Path.of(root, "docs", "dynamic-whep.md"));
        List<MatchResult> names = NAME.matcher(text).results().toList();
        assertThat(names).hasSizeGreaterThan(50);

        for (MatchResult name : names) {
            if (name.group(1).equals("Class")) {
                continue;
            }
            Class<?> tests = Class.forName("dev.tributary.whipwhep." + name.group(1));
            assertThat(Arrays.stream(tests.getDeclaredMethods())
                            .filter(PublishedTextTest::isTest)
                            .map(Method::getName))
                    .as(name.group())
                    .contains(name.group(2));
        }
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }
}
