// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.benchmarks.sidebyside.Contender;
import dev.tributary.benchmarks.sidebyside.SideBySide;
import dev.tributary.testkit.foreign.CProgram;
import dev.tributary.testkit.foreign.Pion;
import java.nio.file.Path;
import java.util.List;

/**
 * A reliable, ordered message from one SCTP association to another, both in one process and on one core, without a network:
 * cut, sent, received, acknowledged, put together. None of them interleaves, packets have 1,191 bytes (Pion: 1,228). All are
 * programs that tell the CPU time of their process, since Pion has threads of its own and cannot be measured by the clock
 * beside other work.
 */
final class SctpComparison {
    private final String pion = Pion.build(SctpComparison.class, "sctp.go").toString();
    private final String usrsctp = CProgram.build(
                    SctpComparison.class, "usrsctp.c", "apt-get install libusrsctp-dev", "usrsctp")
            .toString();

    private SctpComparison() {}

    static SideBySide make() {
        var comparison = new SctpComparison();
        return SideBySide.of("data-channels", "A message over SCTP, both ends on one core")
                .operation("message of 100 B", comparison.contenders("100"))
                .operation("message of 1,024 B", comparison.contenders("1024"))
                .operation("message of 16,384 B", comparison.contenders("16384"));
    }

    private List<Contender> contenders(String bytes) {
        return List.of(
                Contender.program("Tributary", ours(bytes)),
                Contender.program("Pion sctp 1.8.6 (Go)", List.of(pion, bytes)),
                Contender.program("usrsctp 0.9.5 (C)", List.of(usrsctp, bytes)),
                Contender.program("usrsctp without checksums", List.of(usrsctp, bytes, "offload")));
    }

    private static List<String> ours(String bytes) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DataChannelProgram.class.getName(),
                bytes);
    }
}
