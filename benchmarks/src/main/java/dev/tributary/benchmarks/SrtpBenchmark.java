// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.srtp.DtlsRole;
import dev.tributary.srtp.SrtpKeyingMaterial;
import dev.tributary.srtp.SrtpProfile;
import dev.tributary.srtp.SrtpSession;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Protecting and unprotecting RTP packets, from one array into another. One invocation is a hundred packets, so that the
 * middle of the sampled times says what a packet costs on a machine that others use too; figures are for one packet.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = SrtpBenchmark.OPENS)
public class SrtpBenchmark {
    /** What a virtual machine needs for the accelerated form. */
    static final String OPENS = "--add-opens=java.base/com.sun.crypto.provider=ALL-UNNAMED";

    /** Packets of one invocation. */
    static final int PACKETS = 100;

    /** Packets that are unprotected before the receiver forgets that it has seen them: a new session costs microseconds. */
    private static final int RECEIVED = 4_096;

    private static final int SSRC = 0x5EED;

    /** The profile. */
    @Param({"AEAD_AES_128_GCM", "AES128_CM_HMAC_SHA1_80"})
    public SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

    /** Bytes behind the header of 12. */
    @Param({"1200", "120"})
    public int payloadBytes;

    /** Whether the insides of the JVM's ciphers are called, where that is possible, or their public interface. */
    @Param({"true", "false"})
    public boolean accelerated;

    /** Sessions that take turns, as those of subscribers do: more of them fit worse into the caches. */
    @Param("1")
    public int sessions;

    private SrtpSession[] senders = {};
    private SrtpSession[] receivers = {};
    private byte[] packet = {};
    private byte[] out = {};
    private byte[][] received = {};
    private int sequence;
    private int turn;
    private int next;

    /** Makes the sessions and what is received. */
    @Setup
    public void prepare() {
        senders = new SrtpSession[sessions];
        receivers = new SrtpSession[sessions];
        Arrays.setAll(senders, i -> session(DtlsRole.CLIENT));
        packet = new byte[RtpPacket.FIXED_HEADER_BYTES + payloadBytes];
        new Random(1).nextBytes(packet);
        RtpPacket.writeHeader(packet, 0, false, false, 96, 0, 3_000, SSRC);
        out = new byte[packet.length + profile.rtpOverheadBytes()];
        received = new byte[RECEIVED][];
        SrtpSession source = session(DtlsRole.CLIENT);
        for (int i = 0; i < RECEIVED; i++) {
            number(i);
            check(source.protect(packet, 0, packet.length, out, 0));
            received[i] = out.clone();
        }
        forget();
    }

    /** A hundred packets, each with its own index. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int protect() {
        int bytes = 0;
        for (int i = 0; i < PACKETS; i++) {
            number(sequence);
            bytes += check(senders[turn].protect(packet, 0, packet.length, out, 0));
            if (++turn == senders.length) {
                turn = 0;
                sequence++;
            }
        }
        return bytes;
    }

    /** A hundred packets, each with its own index. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int unprotect() {
        int bytes = 0;
        for (int i = 0; i < PACKETS; i++) {
            byte[] arrived = received[next];
            bytes += check(receivers[turn].unprotect(arrived, 0, arrived.length, out, 0));
            if (++turn == receivers.length) {
                turn = 0;
                if (++next == RECEIVED) {
                    forget();
                }
            }
        }
        return bytes;
    }

    private void forget() {
        next = 0;
        Arrays.setAll(receivers, i -> session(DtlsRole.SERVER));
    }

    private SrtpSession session(DtlsRole role) {
        byte[] exported = new byte[profile.keyingMaterialBytes()];
        new Random(2).nextBytes(exported);
        return SrtpSession.builder(SrtpKeyingMaterial.of(profile, exported), role)
                .accelerated(accelerated)
                .build();
    }

    private void number(int itsSequence) {
        packet[2] = (byte) (itsSequence >>> 8);
        packet[3] = (byte) itsSequence;
    }

    private static int check(int result) {
        if (result < 0) {
            throw new IllegalStateException("Refused with status " + result);
        }
        return result;
    }
}
