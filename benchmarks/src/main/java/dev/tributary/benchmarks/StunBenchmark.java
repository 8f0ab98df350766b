// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.core.Transmit;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunAttributes;
import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
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

/** What a browser's consent checks cost a server: HMAC-SHA1 and CRC-32 of the request and of the answer included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = StunBenchmark.OPENS)
public class StunBenchmark {
    static final String OPENS = "--add-opens=java.base/sun.security.provider=ALL-UNNAMED";
    private static final int CHECKS = 64;
    private static final long GAP_NANOS = 1_000_000;
    static final IceCredentials LOCAL = new IceCredentials("serv", "0123456789abcdefghijkl");

    private final InetSocketAddress peer = new InetSocketAddress("192.0.2.7", 4_000);
    private final Transmit slot = new Transmit();
    private final ByteBuffer[] checks = new ByteBuffer[CHECKS];
    private final IceAgent agent = IceAgent.builder(LOCAL).random(new Random(1)).lite();
    private final byte[] ufrag = LOCAL.ufrag().getBytes(StandardCharsets.US_ASCII);
    private final byte[] peerIp = peer.getAddress().getAddress();
    private final IntegrityKey key = IntegrityKey.ofPassword(LOCAL.pwd());
    private final StunMessage message = new StunMessage();
    private final StunWriter writer = new StunWriter();
    private int next;
    private long now;

    /** Writes the checks of one peer. */
    @Setup
    public void write() {
        byte[][] written = checks();
        for (int i = 0; i < CHECKS; i++) {
            checks[i] = ByteBuffer.wrap(written[i]);
        }
    }

    /** Checks of one peer, each with a transaction of its own. */
    static byte[][] checks() {
        byte[][] checks = new byte[CHECKS][];
        for (int i = 0; i < CHECKS; i++) {
            StunWriter writer = new StunWriter()
                    .begin(StunAttributes.BINDING_REQUEST, i + 1, 7)
                    .username((LOCAL.ufrag() + ":peer").getBytes(StandardCharsets.US_ASCII))
                    .priority(1_234)
                    .role(true, 99)
                    .useCandidate();
            checks[i] = writer.finish(IntegrityKey.ofPassword(LOCAL.pwd()), Algorithm.SHA1)
                    .copy();
        }
        return checks;
    }

    /** One check read, verified and answered by the codec alone: what ice4j's benchmark does. */
    @Benchmark
    public int codec() {
        byte[] check = checks[next++ & CHECKS - 1].array();
        if (message.parse(check, 0, check.length) != StunMessage.ParseResult.OK
                || !message.fingerprintAgrees()
                || !message.usernameBegins(ufrag)
                || !message.verify(key)) {
            throw new IllegalStateException("Not verified");
        }
        writer.begin(StunAttributes.BINDING_SUCCESS, message.transactionHigh(), message.transactionLow())
                .xorMappedAddress(peerIp, peer.getPort())
                .finish(key, Algorithm.SHA1);
        return writer.length();
    }

    /** One check of a known peer in, one answer out. */
    @Benchmark
    public int answerCheck() {
        now += GAP_NANOS;
        ByteBuffer check = checks[next++ & CHECKS - 1];
        check.clear();
        agent.handleDatagram(check, peer, now);
        int answered = 0;
        while (agent.pollTransmit(slot)) {
            answered += slot.buffer().remaining();
        }
        while (agent.pollEvent() != null) {
            answered++;
        }
        if (answered == 0) {
            throw new IllegalStateException("Not answered");
        }
        return answered;
    }
}
