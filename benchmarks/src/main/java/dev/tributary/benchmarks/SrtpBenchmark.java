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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Protecting and unprotecting one RTP packet, from one array into another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SrtpBenchmark {
    /** Packets that are unprotected before the receiver forgets that it has seen them: a new session costs microseconds. */
    private static final int RECEIVED = 4_096;

    private static final int SSRC = 0x5EED;

    /** The profile. */
    @Param({"AEAD_AES_128_GCM", "AES128_CM_HMAC_SHA1_80"})
    public SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

    /** Bytes behind the header of 12. */
    @Param({"1200", "120"})
    public int payloadBytes;

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
        Arrays.setAll(senders, i -> SrtpSession.of(material(), DtlsRole.CLIENT));
        packet = new byte[RtpPacket.FIXED_HEADER_BYTES + payloadBytes];
        new Random(1).nextBytes(packet);
        RtpPacket.writeHeader(packet, 0, false, false, 96, 0, 3_000, SSRC);
        out = new byte[packet.length + profile.rtpOverheadBytes()];
        received = new byte[RECEIVED][];
        SrtpSession source = SrtpSession.of(material(), DtlsRole.CLIENT);
        for (int i = 0; i < RECEIVED; i++) {
            number(i);
            check(source.protect(packet, 0, packet.length, out, 0));
            received[i] = out.clone();
        }
        forget();
    }

    /** One packet, each with its own index. */
    @Benchmark
    public int protect() {
        number(sequence);
        int result = check(senders[turn].protect(packet, 0, packet.length, out, 0));
        if (++turn == senders.length) {
            turn = 0;
            sequence++;
        }
        return result;
    }

    /** One packet, each with its own index. */
    @Benchmark
    public int unprotect() {
        byte[] bytes = received[next];
        int result = check(receivers[turn].unprotect(bytes, 0, bytes.length, out, 0));
        if (++turn == receivers.length) {
            turn = 0;
            if (++next == RECEIVED) {
                forget();
            }
        }
        return result;
    }

    private void forget() {
        next = 0;
        Arrays.setAll(receivers, i -> SrtpSession.of(material(), DtlsRole.SERVER));
    }

    private SrtpKeyingMaterial material() {
        byte[] exported = new byte[profile.keyingMaterialBytes()];
        new Random(2).nextBytes(exported);
        return SrtpKeyingMaterial.of(profile, exported);
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
