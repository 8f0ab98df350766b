// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.testkit.foreign.ForeignProgram;
import java.util.ArrayList;
import java.util.List;

/** Carries the words of two programs to each other. */
final class Signalling {
    private Signalling() {}

    /** Tells each program the other's credentials and candidates, and lets both go. */
    static void exchange(ForeignProgram one, ForeignProgram other) {
        List<String> ofOne = description(one);
        List<String> ofOther = description(other);
        ofOne.forEach(other::send);
        ofOther.forEach(one::send);
        one.send("GO");
        other.send("GO");
    }

    private static List<String> description(ForeignProgram program) {
        List<String> lines = new ArrayList<>();
        lines.add("REMOTE " + program.awaitLine("LOCAL", Session.PATIENCE));
        String line;
        while (!(line = program.awaitLine(
                        text -> text.startsWith("CANDIDATE") || text.startsWith("GATHERED"),
                        "candidates",
                        Session.PATIENCE))
                .startsWith("GATHERED")) {
            lines.add(line);
        }
        return lines;
    }
}
