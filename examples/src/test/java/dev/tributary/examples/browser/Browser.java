// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.browser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** A real browser with one page, a fake camera and a fake microphone. */
public interface Browser extends AutoCloseable {
    /** Opens an address and waits for the page to load. */
    void open(String url);

    /** Evaluates a JavaScript expression in the page; a promise is awaited. */
    JsonNode evaluate(String expression);

    @Override
    void close();

    /** Evaluates until the value fits; fails with the last value when it never does. */
    default JsonNode await(String what, String expression, Predicate<JsonNode> fits, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        JsonNode last = null;
        while (System.nanoTime() - end < 0) {
            last = evaluate(expression);
            if (fits.test(last)) {
                return last;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
        throw new AssertionError("Not within " + limit + ": " + what + ". " + expression + " is " + last);
    }

    /** Waits until an expression is true. */
    default void awaitTrue(String what, String expression, Duration limit) {
        await(what, expression, JsonNode::asBoolean, limit);
    }

    /** Clicks the element that a CSS selector names, once it is there and enabled. */
    default void click(String selector) {
        String found = "document.querySelector(" + quoted(selector) + ")";
        awaitTrue(selector + " can be clicked", "!!" + found + " && !" + found + ".disabled", Duration.ofSeconds(15));
        evaluate("(" + found + ".click(), true)");
    }

    /** A JavaScript string literal. */
    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** The program of a name on the path. */
    static Optional<Path> program(String name) {
        for (String folder :
                Objects.requireNonNullElse(System.getenv("PATH"), "").split(":")) {
            Path candidate = Path.of(folder, name);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
