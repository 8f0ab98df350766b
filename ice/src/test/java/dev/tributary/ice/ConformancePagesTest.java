// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages of docs/conformance that belong to this module name tests that exist. */
class ConformancePagesTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)#(\\w+)`");
    private static final List<String> PACKAGES =
            List.of("dev.tributary.ice.", "dev.tributary.ice.internal.wire.", "dev.tributary.ice.interop.");

    @Test
    void everyTestNamedByAPageExists() throws IOException {
        Path pages = Path.of(System.getProperty("tributary.root"), "docs", "conformance");
        int named = 0;
        List<String> missing = new ArrayList<>();
        for (String page : List.of("rfc8445.md", "rfc8489.md", "rfc7675.md")) {
            Matcher matcher = TEST.matcher(Files.readString(pages.resolve(page)));
            while (matcher.find()) {
                named++;
                if (!exists(matcher.group(1), matcher.group(2))) {
                    missing.add(page + ": " + matcher.group());
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(40);
    }

    private static boolean exists(String type, String method) {
        return PACKAGES.stream().anyMatch(name -> has(name + type, method));
    }

    private static boolean has(String className, String method) {
        try {
            return Arrays.stream(Class.forName(className).getDeclaredMethods())
                    .map(Method::getName)
                    .anyMatch(method::equals);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
