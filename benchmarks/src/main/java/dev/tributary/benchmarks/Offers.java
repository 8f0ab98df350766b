// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The description that the benchmarks read: an offer of Chromium 156 with audio, video and data, recorded, 10.6 KB. */
final class Offers {
    private static final String RESOURCE = "chromium-156-offer.sdp";

    private Offers() {}

    static String chromium() throws IOException {
        try (InputStream in = Offers.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("No resource " + RESOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
