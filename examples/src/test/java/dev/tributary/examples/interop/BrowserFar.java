// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import dev.tributary.examples.browser.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** The session of a browser's page. */
record BrowserFar(Browser browser) implements FarEnd {
    private static final JsonMapper JSON = new JsonMapper();

    /** Opens an empty page and makes the session in it. */
    static BrowserFar in(Browser browser) {
        browser.open("about:blank");
        try (InputStream script = BrowserFar.class.getResourceAsStream("browser_channels.js")) {
            browser.evaluate("(" + new String(script.readAllBytes(), StandardCharsets.UTF_8).strip() + ", true)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BrowserFar(browser);
    }

    @Override
    public String offer() {
        return browser.evaluate("far.offer()").asString();
    }

    @Override
    public void accept(String answer) {
        browser.evaluate("far.accept(" + JSON.writeValueAsString(answer) + ")");
    }

    @Override
    public String answer(String offer) {
        return browser.evaluate("far.answer(" + JSON.writeValueAsString(offer) + ")")
                .asString();
    }

    @Override
    public String says() {
        return browser.evaluate("far.says()").asString();
    }

    @Override
    public void close() {
        browser.close();
    }
}
