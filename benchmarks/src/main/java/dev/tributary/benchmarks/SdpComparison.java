// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.benchmarks.sidebyside.Contender;
import dev.tributary.benchmarks.sidebyside.SideBySide;
import dev.tributary.testkit.foreign.Pion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The same offer read and written by this library, by the JVM's other SDP parser and by the one that Go has. */
final class SdpComparison {
    private final String pion;
    private final String offer;

    private SdpComparison(Path pion, Path offer) {
        this.pion = pion.toString();
        this.offer = offer.toString();
    }

    static SideBySide make() {
        try {
            Path offer = Files.createTempFile("offer", ".sdp");
            offer.toFile().deleteOnExit();
            Files.writeString(offer, Offers.chromium());
            var comparison = new SdpComparison(Pion.build(SdpComparison.class, "sdp.go"), offer);
            return SideBySide.of("sdp", "A Chromium offer of 10.6 KB")
                    .operation("parse", comparison.contenders("parse", "parse"))
                    .operation("parse, then look at every attribute", comparison.contenders("parseAndVisit", "visit"))
                    .operation("write", comparison.contenders("write", "write"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot hand the offer to other programs", e);
        }
    }

    private List<Contender> contenders(String method, String goOperation) {
        return List.of(
                Contender.jmh("Tributary", "SdpBenchmark." + method),
                Contender.jmh("jain-sip 1.3.0-91", "JainSipBenchmark." + method),
                Contender.program("Pion sdp 3.0.6 (Go)", List.of(pion, goOperation, offer)));
    }
}
