// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import dev.tributary.srtp.SrtpProfile;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The order of profiles that costs this JVM least, measured once. AES-GCM costs half of AES-CM with HMAC where the compiler
 * has vector code for both of its parts, and many times as much where it has not. So the question is only which of the two
 * comes first, and it is asked until the compiler has done its work: what is measured before is the interpreter.
 */
public final class ProfileOrder {
    /** When nothing is known, and nearly always. */
    public static final List<SrtpProfile> USUAL =
            List.of(SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AEAD_AES_256_GCM, SrtpProfile.AES128_CM_HMAC_SHA1_80);

    private static final List<SrtpProfile> COUNTER_MODE_FIRST =
            List.of(SrtpProfile.AES128_CM_HMAC_SHA1_80, SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AEAD_AES_256_GCM);

    /** Long enough for a compiler that competes with a busy machine; the usual order is confirmed in a tenth of it. */
    private static final long BUDGET_NANOS = 2_000_000_000;

    private static final int PACKETS_MIN = 2_000;
    private static final int BATCH_PACKETS = 20;
    private static final int HEADER_BYTES = 20;
    private static final int PACKET_BYTES = 1_220;

    /** By how much counter mode has to win, so that a disturbed measurement changes nothing. */
    private static final double CLEARLY = 1.4;

    /** Static, because the answer belongs to the JVM. A second run of it does nothing. */
    private static final FutureTask<List<SrtpProfile>> MEASUREMENT = new FutureTask<>(ProfileOrder::measure);

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private ProfileOrder() {}

    /** The measured order; measures on this thread if nobody has, which takes some tenths of a second. */
    public static List<SrtpProfile> measured() {
        MEASUREMENT.run();
        return outcome();
    }

    /**
     * The measured order if it is known. If not, the usual one, and from the first call on a daemon thread measures: not one
     * of the executor of handshakes, where it might take the place of a peer.
     */
    public static List<SrtpProfile> known() {
        if (MEASUREMENT.isDone()) {
            return outcome();
        }
        if (STARTED.compareAndSet(false, true)) {
            Thread thread = new Thread(MEASUREMENT, "tributary-srtp-profiles");
            thread.setDaemon(true);
            thread.start();
        }
        return USUAL;
    }

    private static List<SrtpProfile> outcome() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return MEASUREMENT.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException | CancellationException e) {
                    return USUAL;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<SrtpProfile> measure() throws GeneralSecurityException {
        boolean accelerated = Acceleration.absence() == null;
        CipherSource source = new CipherSource(null, accelerated, new Scratch());
        Random random = new Random();
        try (Transform gcm = source.gcm(Acceleration.bytes(random, 16), Acceleration.bytes(random, 12));
                Transform counterMode = new CounterModeTransform(
                        source.counterMode(Acceleration.bytes(random, 16)),
                        Acceleration.bytes(random, 14),
                        Acceleration.bytes(random, 20),
                        10)) {
            return compare(new Contender(gcm), new Contender(counterMode));
        }
    }

    private static List<SrtpProfile> compare(Contender gcm, Contender counterMode) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < BUDGET_NANOS) {
            gcm.sealBatch();
            counterMode.sealBatch();
            if (gcm.packets >= PACKETS_MIN && gcm.nanosMin < counterMode.nanosMin) {
                return USUAL;
            }
        }
        return decide(gcm.nanosMin, counterMode.nanosMin);
    }

    /** Which order two measured times speak for. */
    static List<SrtpProfile> decide(long gcmNanos, long counterModeNanos) {
        return gcmNanos > CLEARLY * counterModeNanos ? COUNTER_MODE_FIRST : USUAL;
    }

    /** One of the two, with the time of its fastest batch: what disturbs only ever adds. */
    private static final class Contender {
        private final Transform transform;
        private final byte[] packet = new byte[PACKET_BYTES];
        private final byte[] out = new byte[PACKET_BYTES + GcmTransform.TAG_BYTES];
        private long packets;
        private long nanosMin = Long.MAX_VALUE;

        Contender(Transform transform) {
            this.transform = transform;
        }

        void sealBatch() {
            long start = System.nanoTime();
            for (int i = 0; i < BATCH_PACKETS; i++) {
                int sealed = transform.sealRtp(1, packets++, packet, 0, HEADER_BYTES, PACKET_BYTES, out, 0);
                if (sealed < 0) {
                    throw new IllegalStateException("A packet could not be sealed: " + sealed);
                }
            }
            nanosMin = Math.min(nanosMin, System.nanoTime() - start);
        }
    }
}
