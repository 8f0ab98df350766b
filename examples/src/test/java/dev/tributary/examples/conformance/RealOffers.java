// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;

/** Offers that real software wrote (the recordings of module sdp), each time with ICE credentials of their own. */
final class RealOffers {
    private static final Path RECORDED =
            Path.of(System.getProperty("tributary.root", ".."), "sdp/src/test/resources/dev/tributary/sdp/recorded");
    private static final SecureRandom RANDOM = new SecureRandom();

    private RealOffers() {}

    /** Audio and video to send, without a data channel. */
    static String whip() {
        return fresh(recorded("chromium-156/offer-whip"));
    }

    /** Video in three layers. */
    static String simulcast() {
        return fresh(recorded("chromium-156/offer-simulcast"));
    }

    /** Audio and video to receive, and a data channel. */
    static String whepWithDataChannel() {
        return fresh(recorded("chromium-156/offer-whep"));
    }

    /** Audio and video to receive. */
    static String whep() {
        return fresh(withoutDataChannel(recorded("chromium-156/offer-whep")));
    }

    private static String withoutDataChannel(String offer) {
        int section = offer.indexOf("m=application");
        String mid = value(offer.substring(section), "a=mid:");
        return offer.substring(0, section).replaceFirst("(a=group:BUNDLE [^\r\n]*) " + mid + "(?=[ \r\n])", "$1");
    }

    /** A recording as it is. */
    static String recorded(String name) {
        try {
            return Files.readString(RECORDED.resolve(name + ".sdp"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with new credentials: two sessions with the same ones would be a mistake of ours. */
    static String fresh(String offer) {
        String ufrag = random(8);
        String password = random(24);
        return offer.replaceAll("a=ice-ufrag:[^\r\n]*", "a=ice-ufrag:" + ufrag)
                .replaceAll("a=ice-pwd:[^\r\n]*", "a=ice-pwd:" + password);
    }

    static String random(int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(Long.toString(RANDOM.nextLong(Long.MAX_VALUE), 36).toLowerCase(Locale.ROOT));
        }
        return text.substring(0, length);
    }

    /** The value of the first line of a kind, or nothing. */
    static String value(String sdp, String prefix) {
        return sdp.lines()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .map(line -> line.substring(prefix.length()).strip())
                .orElse("");
    }

    /** A fragment of a candidate for the session of an offer. */
    static String candidate(String offer, String address) {
        return fragment(value(offer, "a=ice-ufrag:"), value(offer, "a=ice-pwd:"), offer, address);
    }

    /** A fragment of one candidate under the given credentials. */
    static String fragment(String ufrag, String password, String offer, String address) {
        return "a=ice-ufrag:" + ufrag + "\r\na=ice-pwd:" + password + "\r\n" + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:"
                + value(offer, "a=mid:") + "\r\na=candidate:1 1 udp 2130706431 " + address
                + " 50000 typ host\r\na=end-of-candidates\r\n";
    }
}
