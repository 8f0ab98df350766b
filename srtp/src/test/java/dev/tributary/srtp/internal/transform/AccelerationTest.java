// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.SrtpFailure;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AccelerationTest {
    private static final long SEED = Long.getLong("tributary.seed", System.nanoTime());

    @BeforeEach
    void skipWhereThereIsNone() {
        CipherForm.ACCELERATED.source();
    }

    /** Enough packets of every length for the compiler to have put its vector code in. */
    @Test
    void agreesWithTheCipherInterfaceWhenCompiled() throws Exception {
        assertThat(Acceleration.agrees(new Random(SEED), 3_000, 1_500))
                .as("seed %d", SEED)
                .isTrue();
    }

    @Test
    void refusesEveryDamagedBitAndLeavesThePacketAsItWas() {
        Transform fused = new FusedGcmTransform(new byte[16], new byte[12], new Scratch());
        byte[] sealed = new byte[12 + 33 + 16];
        fused.sealRtp(1, 2, sealed.clone(), 0, 12, 45, sealed, 0);

        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] damaged = sealed.clone();
            damaged[bit >> 3] ^= (byte) (1 << (bit & 7));
            byte[] before = damaged.clone();
            assertThat(fused.openRtp(1, 2, damaged, 0, 12, damaged.length, damaged, 0))
                    .isEqualTo(SrtpFailure.AUTHENTICATION.status());
            assertThat(damaged).isEqualTo(before);
        }
        assertThat(fused.openRtp(1, 2, sealed, 0, 12, sealed.length, sealed, 0)).isEqualTo(45);
    }

    @Test
    void writesNothingOutsideOfThePacket() {
        Transform fused = new FusedGcmTransform(new byte[16], new byte[12], new Scratch());
        for (int payload = 0; payload < 40; payload++) {
            byte[] bytes = new byte[20 + 12 + payload + 16 + 20];
            Arrays.fill(bytes, (byte) 0x77);

            fused.sealRtp(1, payload, bytes, 20, 12, 12 + payload, bytes, 20);

            assertThat(Arrays.copyOf(bytes, 20)).containsOnly(0x77);
            assertThat(Arrays.copyOfRange(bytes, bytes.length - 20, bytes.length))
                    .containsOnly(0x77);
        }
    }

    @Test
    void zeroesTheKeysInsideOfTheJdkWhenClosed() throws Exception {
        byte[] key = new byte[16];
        new Random(SEED).nextBytes(key);
        IntrinsicAes aes = new IntrinsicAes(key);
        Object cipher = field(IntrinsicAes.class, "aes", aes);
        assertThat(key).as("the key handed in").containsOnly(0);
        assertThat((int[]) field(cipher.getClass(), "K", cipher))
                .as("round keys")
                .isNotEqualTo(new int[44]);

        aes.close();

        assertThat((int[]) field(cipher.getClass(), "K", cipher)).containsOnly(0);
        for (int[] sessionKeys : (int[][]) field(cipher.getClass(), "sessionK", cipher)) {
            assertThat(sessionKeys == null || Arrays.stream(sessionKeys).allMatch(word -> word == 0))
                    .isTrue();
        }
        assertThat((byte[]) field(cipher.getClass(), "lastKey", cipher)).containsOnly(0);
    }

    private static Object field(Class<?> owner, String name, Object object) throws ReflectiveOperationException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }
}
