// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Whether this JVM lets us use the insides of its own ciphers ({@link IntrinsicAes}, {@link IntrinsicGhash}), found out
 * once. They are never required: what they do {@link GcmTransform} and {@link JcaCounterCipher} do too.
 */
public final class Acceleration {
    /** Begins an {@link #absence} that a flag of the JVM cures. */
    private static final String CLOSED = "java.base does not open com.sun.crypto.provider";

    /** Few and short ones: this is the interpreter's work. The tests do it with what the compiler makes of it. */
    private static final int CHECKS = 8;

    private static final int PAYLOAD_BYTES_MAX = 100;

    private Acceleration() {}

    /** Why there is none, or {@code null} when there is. */
    public static @Nullable String absence() {
        return Probe.ABSENCE;
    }

    /** Looked up when first asked for: it costs some milliseconds. */
    private static final class Probe {
        static final @Nullable String ABSENCE = probe();

        private static @Nullable String probe() {
            try {
                String chosen =
                        Cipher.getInstance("AES/GCM/NoPadding").getProvider().getName();
                if (!chosen.equals("SunJCE")) {
                    // An operator who put another provider first (FIPS, say) means it.
                    return "the JVM's first AES provider is " + chosen + ", not SunJCE";
                }
                return agrees(new Random(), CHECKS, PAYLOAD_BYTES_MAX) ? null : "the self-check failed";
            } catch (LinkageError e) {
                return e.getCause() instanceof IllegalAccessException ? CLOSED : "not on this JVM: " + e.getCause();
            } catch (GeneralSecurityException | RuntimeException e) {
                return "the self-check failed: " + e;
            }
        }
    }

    /**
     * Compares both forms on random packets, in place and apart, right ones and a damaged one.
     *
     * @param packets how many, with as many keys
     * @return {@code false} when they differ
     */
    static boolean agrees(Random random, int packets, int payloadBytesMax) throws GeneralSecurityException {
        for (int i = 0; i < packets; i++) {
            byte[] key = bytes(random, i % 2 == 0 ? 16 : 32);
            byte[] salt = bytes(random, 12);
            int header = 12 + random.nextInt(40);
            byte[] packet = bytes(random, header + random.nextInt(payloadBytesMax + 1));
            if (!agreeOnGcm(key, salt, header, packet, random) || !agreeOnCounterMode(key, packet, random)) {
                return false;
            }
        }
        return true;
    }

    private static boolean agreeOnGcm(byte[] key, byte[] salt, int header, byte[] packet, Random random) {
        int ssrc = random.nextInt();
        long index = random.nextLong() & 0xFFFF_FFFF_FFFFL;
        int sealed = packet.length + GcmTransform.TAG_BYTES;
        byte[] expected = new byte[sealed];
        byte[] actual = Arrays.copyOf(packet, sealed);
        byte[] opened = new byte[packet.length];
        try (Transform portable = new GcmTransform(key.clone(), salt.clone(), new Scratch(), null);
                Transform fused = new FusedGcmTransform(key.clone(), salt.clone(), new Scratch())) {
            boolean right = portable.sealRtp(ssrc, index, packet, 0, header, packet.length, expected, 0) == sealed
                    && fused.sealRtp(ssrc, index, actual, 0, header, packet.length, actual, 0) == sealed
                    && Arrays.equals(expected, actual)
                    && fused.openRtp(ssrc, index, actual, 0, header, sealed, opened, 0) == packet.length
                    && Arrays.equals(packet, opened);
            actual[random.nextInt(sealed)] ^= 1;
            return right && fused.openRtp(ssrc, index, actual, 0, header, sealed, opened, 0) < 0;
        }
    }

    private static boolean agreeOnCounterMode(byte[] key, byte[] packet, Random random)
            throws GeneralSecurityException {
        byte[] counter = bytes(random, 16);
        byte[] expected = new byte[packet.length];
        byte[] apart = new byte[packet.length];
        byte[] inPlace = packet.clone();
        try (CounterCipher portable = new JcaCounterCipher(key.clone(), new Scratch(), null);
                CounterCipher intrinsic = new IntrinsicAes(key.clone())) {
            System.arraycopy(counter, 0, portable.counter(), 0, counter.length);
            portable.crypt(packet, 0, packet.length, expected, 0);
            System.arraycopy(counter, 0, intrinsic.counter(), 0, counter.length);
            intrinsic.crypt(packet, 0, packet.length, apart, 0);
            System.arraycopy(counter, 0, intrinsic.counter(), 0, counter.length);
            intrinsic.crypt(inPlace, 0, packet.length, inPlace, 0);
        }
        return Arrays.equals(expected, apart) && Arrays.equals(expected, inPlace);
    }

    static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
