// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HmacTest {
    private static final boolean IS_OPENED = Boolean.getBoolean("tributary.ice.opened");

    @ParameterizedTest
    @EnumSource
    void agreesWithThePlatformForAllLengths(Algorithm algorithm) throws Exception {
        Random random = new Random(7);
        for (int length = 0; length <= 300; length++) {
            byte[] key = bytes(random, 1 + random.nextInt(100));
            byte[] message = bytes(random, length + 9);
            byte[] expected = platform(algorithm, key, message, 5, length);

            assertThat(code(new Hmac.DigestHmac(algorithm, key), algorithm, message, length))
                    .isEqualTo(expected);
            assertThat(code(Hmac.of(algorithm, key), algorithm, message, length))
                    .as("%s of %d bytes", Hmac.of(algorithm, key).getClass(), length)
                    .isEqualTo(expected);
        }
    }

    @Test
    void usesTheInsideOfTheJvmWhereItIsOpen() {
        assumeThat(IS_OPENED).as("the build opens sun.security.provider").isTrue();

        assertThat(Hmac.of(Algorithm.SHA1, new byte[20])).isInstanceOf(IntrinsicHmac.class);
        assertThat(Hmac.of(Algorithm.SHA256, new byte[20])).isInstanceOf(Hmac.DigestHmac.class);
    }

    @Test
    void doesWithoutItWhereItIsClosed() throws Exception {
        Process closed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Closed.class.getName())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(closed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("DigestHmac")
                .doesNotContain("IntrinsicHmac");
        assertThat(closed.waitFor()).isZero();
    }

    /** What a JVM that was not asked to open anything uses. */
    static final class Closed {
        public static void main(String[] arguments) throws Exception {
            Hmac hmac = Hmac.of(Algorithm.SHA1, new byte[20]);
            System.err.println(hmac.getClass());
            hmac.compute(new byte[40], 0, 40, new byte[20]);
        }
    }

    private static byte[] code(Hmac hmac, Algorithm algorithm, byte[] message, int length) {
        byte[] twice = new byte[algorithm.bytes];
        hmac.compute(message, 5, length, twice);
        byte[] code = new byte[algorithm.bytes];
        hmac.compute(message, 5, length, code);
        assertThat(code).isEqualTo(twice);
        return code;
    }

    private static byte[] platform(Algorithm algorithm, byte[] key, byte[] message, int offset, int length)
            throws Exception {
        String name = "Hmac" + algorithm.digestName.replace("-", "");
        Mac mac = Mac.getInstance(name);
        mac.init(new SecretKeySpec(key, name));
        mac.update(message, offset, length);
        return mac.doFinal();
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
