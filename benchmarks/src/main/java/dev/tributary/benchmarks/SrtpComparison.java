// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.benchmarks.sidebyside.Contender;
import dev.tributary.benchmarks.sidebyside.SideBySide;
import dev.tributary.testkit.foreign.CProgram;
import dev.tributary.testkit.foreign.Pion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * SRTP beside other people's. All do the same: a packet from one array into another, under contexts that take turns.
 * libsrtp is Debian's, which is built on NSS; an own build of {@code srtp-libsrtp.c} on OpenSSL joins when the system
 * property {@value #OPENSSL} names its executable.
 */
final class SrtpComparison {
    private static final String OPENSSL = "tributary.libsrtp.openssl";

    /** Compiles before it goes on: on a busy machine the warm-up might end before the compiler had its turn. */
    private static final String COMPILE_FIRST = "-Xbatch";

    private SrtpComparison() {}

    /** AES-128-GCM, one of the two directions. */
    static SideBySide gcm(String verb) {
        return all("srtp-gcm-" + verb, "AEAD_AES_128_GCM", verb, List.of(1, 1_000));
    }

    /** AES-128-CM with HMAC-SHA1, one of the two directions. */
    static SideBySide counterMode(String verb) {
        return all("srtp-cm-" + verb, "AES128_CM_HMAC_SHA1_80", verb, List.of(1, 1_000));
    }

    private static SideBySide all(String name, String profile, String verb, List<Integer> contexts) {
        SideBySide comparison = SideBySide.of(name, "SRTP " + verb + ", " + profile);
        for (int payload : new int[] {1_200, 120}) {
            for (int count : contexts) {
                comparison = comparison.operation(
                        String.format(
                                Locale.ROOT, "%,d bytes, %,d %s", payload, count, count == 1 ? "context" : "contexts"),
                        contenders(profile, verb, payload, count));
            }
        }
        return comparison;
    }

    private static List<Contender> contenders(String profile, String verb, int payload, int contexts) {
        String brief = profile.startsWith("AEAD") ? "gcm" : "cm";
        List<Contender> contenders = new ArrayList<>();
        contenders.add(ours("Tributary, accelerated", true, profile, verb, payload, contexts));
        contenders.add(ours("Tributary, portable", false, profile, verb, payload, contexts));
        contenders.add(jitsi("jitsi-srtp, Java", "SunJCE", brief, verb, payload, contexts));
        contenders.add(jitsi("jitsi-srtp, OpenSSL 3", "OpenSSL", brief, verb, payload, contexts));
        contenders.add(program(
                "Pion srtp v2", Pion.build(SrtpComparison.class, "srtp-pion.go"), brief, verb, payload, contexts));
        Path debian = CProgram.build(SrtpComparison.class, "srtp-libsrtp.c", "apt-get install libsrtp2-dev", "srtp2");
        contenders.add(program("libsrtp, NSS (Debian)", debian, brief, verb, payload, contexts));
        String openSsl = System.getProperty(OPENSSL);
        if (openSsl != null) {
            contenders.add(program("libsrtp, OpenSSL 3", Path.of(openSsl), brief, verb, payload, contexts));
        }
        return contenders;
    }

    private static Contender ours(
            String name, boolean accelerated, String profile, String verb, int payload, int contexts) {
        Map<String, String> parameters = Map.of(
                "profile", profile,
                "payloadBytes", String.valueOf(payload),
                "sessions", String.valueOf(contexts),
                "accelerated", String.valueOf(accelerated));
        return Contender.sampled(
                name, "SrtpBenchmark." + verb, parameters, List.of(COMPILE_FIRST, SrtpBenchmark.OPENS));
    }

    private static Contender jitsi(
            String name, String ciphers, String profile, String verb, int payload, int contexts) {
        Map<String, String> parameters = Map.of(
                "profile",
                profile.equals("gcm") ? "GCM" : "CM",
                "payloadBytes",
                String.valueOf(payload),
                "sessions",
                String.valueOf(contexts),
                "ciphers",
                ciphers);
        return Contender.sampled(name, "JitsiSrtpBenchmark." + verb, parameters, List.of(COMPILE_FIRST));
    }

    private static Contender program(
            String name, Path executable, String profile, String verb, int payload, int contexts) {
        return Contender.program(
                name, List.of(executable.toString(), profile, verb, String.valueOf(payload), String.valueOf(contexts)));
    }
}
