// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.core.rtp.HeaderExtensionWriter;
import dev.tributary.core.rtp.HeaderExtensions;
import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading and patching RTP, reading RTCP. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RtpBenchmark {
    private static final int MID = 4;

    private final byte[] rtp = new byte[1_240];
    private final byte[] rtcp = new byte[400];
    private final RtpPacket packet = new RtpPacket();
    private final RtcpReader reader = new RtcpReader();
    private int rtcpLength;
    private int sequence;

    /** Writes a packet of each kind. */
    @Setup
    public void write() {
        int at = RtpPacket.writeHeader(rtp, 0, true, false, 96, 1, 3_000, 0x5EED);
        HeaderExtensionWriter extensions = new HeaderExtensionWriter();
        extensions.begin(rtp, at, rtp.length, false);
        extensions.put(MID, new byte[] {'1'}, 0, 1);
        extensions.end();
        RtcpWriter writer = new RtcpWriter();
        writer.wrap(rtcp, 0, rtcp.length);
        boolean fits = writer.senderReport(1, 2, 3, 4, 5)
                && writer.cname(1, "tributary")
                && writer.nack(1, 2)
                && writer.nackEntry(17, 0x5555);
        if (!fits) {
            throw new IllegalStateException("No room");
        }
        rtcpLength = writer.length();
    }

    /** What each incoming packet goes through, and each outgoing one: find the mid, renumber. */
    @Benchmark
    public int readAndRenumberRtp() {
        if (!packet.wrap(rtp, 0, rtp.length)) {
            throw new IllegalStateException("Not RTP");
        }
        long mid = HeaderExtensions.find(packet, MID);
        packet.setSequenceNumber(sequence++ & 0xFFFF);
        packet.setTimestamp(sequence * 3_000);
        packet.setSsrc(sequence);
        return HeaderExtensions.offset(mid) + packet.payloadLength();
    }

    /** A compound of a sender report, a name and a NACK. */
    @Benchmark
    public long readRtcp() {
        reader.wrap(rtcp, 0, rtcpLength);
        long sum = 0;
        while (reader.next()) {
            switch (reader.kind()) {
                case SENDER_REPORT -> sum += reader.ntpTime() + reader.rtpTimestamp();
                case GENERIC_NACK -> {
                    for (int i = 0; i < reader.nackCount(); i++) {
                        sum += reader.nackPacketId(i) + reader.nackBitmask(i);
                    }
                }
                default -> sum++;
            }
        }
        return sum;
    }
}
