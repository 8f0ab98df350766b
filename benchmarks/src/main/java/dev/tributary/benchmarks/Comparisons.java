// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.benchmarks.sidebyside.SideBySide;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The comparisons with other people's libraries, by the name that the command takes. */
final class Comparisons {
    private Comparisons() {}

    static Map<String, Supplier<SideBySide>> all() {
        Map<String, Supplier<SideBySide>> all = new LinkedHashMap<>();
        all.put("sdp", SdpComparison::make);
        all.put("stun", StunComparison::make);
        all.put("data-channels", SctpComparison::make);
        for (String verb : new String[] {"protect", "unprotect"}) {
            all.put("srtp-gcm-" + verb, () -> SrtpComparison.gcm(verb));
            all.put("srtp-cm-" + verb, () -> SrtpComparison.counterMode(verb));
        }
        return all;
    }
}
