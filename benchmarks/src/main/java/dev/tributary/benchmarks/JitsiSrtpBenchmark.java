// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import dev.tributary.core.rtp.RtpPacket;
import java.lang.reflect.Field;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.JitsiOpenSslProvider;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
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

/** What {@link SrtpBenchmark} does, on jitsi-srtp: the packet is copied, because that library works in place. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class JitsiSrtpBenchmark {
    private static final int RECEIVED = 4_096;
    private static final int SSRC = 0x5EED;

    /** The profile: {@code GCM} or {@code CM}. */
    @Param({"GCM", "CM"})
    public String profile = "GCM";

    /** Bytes behind the header of 12. */
    @Param({"1200", "120"})
    public int payloadBytes;

    /** {@code SunJCE}, or its native {@code OpenSSL} where the library loads. */
    @Param("SunJCE")
    public String ciphers = "SunJCE";

    /** Contexts that take turns. */
    @Param("1")
    public int sessions;

    private SrtpCryptoContext[] senders = {};
    private SrtpCryptoContext[] receivers = {};
    private byte[] packet = {};
    private final Region region = new Region(new byte[2_048]);
    private byte[][] received = {};
    private int sequence;
    private int turn;
    private int next;

    /** Makes the contexts and what is received. */
    @Setup
    public void prepare() throws GeneralSecurityException, ReflectiveOperationException {
        if (!JitsiOpenSslProvider.isLoaded()) {
            assumeJava();
        } else if (!ciphers.equals("OpenSSL")) {
            forgetNative();
        }
        Aes.setFactoryClassName(ciphers);
        packet = new byte[RtpPacket.FIXED_HEADER_BYTES + payloadBytes];
        new Random(1).nextBytes(packet);
        RtpPacket.writeHeader(packet, 0, false, false, 96, 0, 3_000, SSRC);
        senders = contexts(true);
        received = new byte[RECEIVED][];
        SrtpCryptoContext source = contexts(true)[0];
        for (int i = 0; i < RECEIVED; i++) {
            number(i);
            region.take(packet);
            check(source.transformPacket(region));
            received[i] = Arrays.copyOf(region.getBuffer(), region.getLength());
        }
        receivers = contexts(false);
    }

    /** A hundred packets, each with its own index. */
    @Benchmark
    @OperationsPerInvocation(SrtpBenchmark.PACKETS)
    public int protect() throws GeneralSecurityException {
        for (int i = 0; i < SrtpBenchmark.PACKETS; i++) {
            number(sequence);
            region.take(packet);
            check(senders[turn].transformPacket(region));
            if (++turn == senders.length) {
                turn = 0;
                sequence++;
            }
        }
        return region.getLength();
    }

    /** A hundred packets, each with its own index. */
    @Benchmark
    @OperationsPerInvocation(SrtpBenchmark.PACKETS)
    public int unprotect() throws GeneralSecurityException {
        for (int i = 0; i < SrtpBenchmark.PACKETS; i++) {
            region.take(received[next]);
            check(receivers[turn].reverseTransformPacket(region, false));
            if (++turn == receivers.length) {
                turn = 0;
                if (++next == RECEIVED) {
                    next = 0;
                    receivers = contexts(false);
                }
            }
        }
        return region.getLength();
    }

    private void assumeJava() {
        if (ciphers.equals("OpenSSL")) {
            throw new IllegalStateException("The native library of jitsi-srtp does not load");
        }
    }

    /** There is no setting for the digest: it is native whenever the library is loaded. */
    private static void forgetNative() throws ReflectiveOperationException {
        Field loaded = JitsiOpenSslProvider.class.getDeclaredField("libraryLoaded");
        loaded.setAccessible(true);
        loaded.setBoolean(null, false);
    }

    private SrtpCryptoContext[] contexts(boolean sender) throws GeneralSecurityException {
        boolean gcm = profile.equals("GCM");
        SrtpPolicy policy = gcm
                ? new SrtpPolicy(SrtpPolicy.AESGCM_ENCRYPTION, 16, SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12)
                : new SrtpPolicy(SrtpPolicy.AESCM_ENCRYPTION, 16, SrtpPolicy.HMACSHA1_AUTHENTICATION, 20, 10, 14);
        byte[] key = new byte[16];
        byte[] salt = new byte[gcm ? 12 : 14];
        new Random(2).nextBytes(key);
        SrtpCryptoContext[] contexts = new SrtpCryptoContext[sessions];
        LoggerImpl logger = new LoggerImpl(JitsiSrtpBenchmark.class.getName());
        for (int i = 0; i < sessions; i++) {
            contexts[i] = new SrtpContextFactory(sender, key.clone(), salt.clone(), policy, policy, logger)
                    .deriveContext(SSRC, 0);
        }
        return contexts;
    }

    private void number(int itsSequence) {
        packet[2] = (byte) (itsSequence >>> 8);
        packet[3] = (byte) itsSequence;
    }

    private static void check(SrtpErrorStatus status) {
        if (status != SrtpErrorStatus.OK) {
            throw new IllegalStateException("Refused with status " + status);
        }
    }

    /** The kind of buffer that the library takes. */
    private static final class Region implements ByteArrayBuffer {
        private final byte[] bytes;
        private int length;

        Region(byte[] bytes) {
            this.bytes = bytes;
        }

        void take(byte[] content) {
            System.arraycopy(content, 0, bytes, 0, content.length);
            length = content.length;
        }

        @Override
        public byte[] getBuffer() {
            return bytes;
        }

        @Override
        public int getOffset() {
            return 0;
        }

        @Override
        public int getLength() {
            return length;
        }

        @Override
        public void setLength(int value) {
            length = value;
        }

        @Override
        public void setOffset(int value) {
            throw new UnsupportedOperationException("The packet stays where it is");
        }

        @Override
        public boolean isInvalid() {
            return false;
        }

        @Override
        public void readRegionToBuff(int offset, int count, byte[] out) {
            System.arraycopy(bytes, offset, out, 0, count);
        }

        @Override
        public void grow(int more) {
            // There is room for every tag.
        }

        @Override
        public void append(byte[] more, int count) {
            System.arraycopy(more, 0, bytes, length, count);
            length += count;
        }

        @Override
        public void shrink(int count) {
            length -= count;
        }
    }
}
