// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.conformance;

import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Pion;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A small WHIP and WHEP server of ours on Debian's Pion: the other one that the suite is run against. */
public final class PionServer implements AutoCloseable {
    private final ForeignProgram program;
    private final String base;

    private PionServer(ForeignProgram program, String base) {
        this.program = program;
        this.base = base;
    }

    /** Starts it; skips the test where Go or Pion is not installed. */
    public static PionServer start() {
        String executable = Pion.build(PionServer.class, "pion_whip_whep.go").toString();
        ForeignProgram program = ForeignProgram.start("Pion server", List.of(executable));
        String ready = program.awaitLine(line -> line.startsWith("READY "), "READY", Duration.ofSeconds(30));
        return new PionServer(program, "http://127.0.0.1:" + ready.substring("READY ".length()) + "/");
    }

    /** Where to publish in a room. */
    public URI whip(String room) {
        return URI.create(base + room + "/whip");
    }

    /** Where to play what is published in a room. */
    public URI whep(String room) {
        return URI.create(base + room + "/whep");
    }

    @Override
    public void close() {
        program.close();
    }
}
