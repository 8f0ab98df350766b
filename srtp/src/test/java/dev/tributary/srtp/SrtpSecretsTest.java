// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a closed session still holds: every array behind its transforms is looked at, also those inside of the JDK's ciphers. */
final class SrtpSecretsTest {
    /** What is not secret: the roll-over counter or the index of the last packet, which the packet shows. */
    private static final Set<String> PUBLIC = Set.of("trailer", "word");

    @ParameterizedTest
    @MethodSource("forms")
    void zeroesEveryKeyWhenClosed(SrtpProfile profile, boolean accelerated) throws Exception {
        SrtpPair pair = SrtpPair.of(profile, SrtpLimits.DEFAULT, accelerated);
        carry(pair);
        List<Object> arrays = new ArrayList<>();
        for (String direction : List.of("sender", "receiver")) {
            Field field = SrtpSession.class.getDeclaredField(direction);
            field.setAccessible(true);
            Object half = field.get(pair.client());
            for (String protocol : List.of("rtp", "rtcp")) {
                Field transform = half.getClass().getDeclaredField(protocol);
                transform.setAccessible(true);
                collect(transform.get(half), arrays);
            }
        }
        assertThat(arrays.stream().filter(array -> !isZero(array)))
                .as("keys and salts of RTP and RTCP, both ways")
                .hasSizeGreaterThanOrEqualTo(8);

        pair.client().close();

        assertThat(arrays).allMatch(SrtpSecretsTest::isZero);
    }

    static Stream<Arguments> forms() {
        return Arrays.stream(SrtpProfile.values())
                .flatMap(profile -> Stream.of(Arguments.of(profile, true), Arguments.of(profile, false)));
    }

    private static void carry(SrtpPair pair) {
        byte[] sealed = SrtpPair.seal(pair.server(), SrtpPair.rtp(1, 1, 100));
        assertThat(pair.client().unprotect(sealed, 0, sealed.length)).isPositive();
        byte[] report = Arrays.copyOf(SrtpPair.rtcp(1, 1), 60);
        assertThat(pair.client().unprotectRtcp(report, 0, pair.server().protectRtcp(report, 0, 28)))
                .isEqualTo(28);
        SrtpPair.seal(pair.client(), SrtpPair.rtp(2, 1, 100));
        assertThat(pair.client().protectRtcp(report, 0, 28)).isPositive();
    }

    private static void collect(Object root, List<Object> arrays) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> waiting = new ArrayDeque<>(List.of(root));
        while (!waiting.isEmpty()) {
            Object object = waiting.remove();
            if (!seen.add(object)) {
                continue;
            }
            if (object.getClass().isArray()) {
                if (object.getClass().getComponentType().isPrimitive()) {
                    arrays.add(object);
                } else {
                    Arrays.stream((Object[]) object)
                            .filter(element -> element != null)
                            .forEach(waiting::add);
                }
            } else if (isLookedInto(object.getClass())) {
                addFields(object, waiting);
            }
        }
    }

    /** The public cipher interface does not let us in; our reference to it is gone when the session is closed. */
    private static boolean isLookedInto(Class<?> type) {
        return type.getName().startsWith("dev.tributary.") && !type.isEnum()
                || type.getName().startsWith("com.sun.crypto.provider.");
    }

    private static void addFields(Object object, Deque<Object> waiting) throws IllegalAccessException {
        for (Class<?> type = object.getClass(); isLookedInto(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !field.getType().isPrimitive()
                        && !PUBLIC.contains(field.getName())) {
                    field.setAccessible(true);
                    Object value = field.get(object);
                    if (value != null) {
                        waiting.add(value);
                    }
                }
            }
        }
    }

    private static boolean isZero(Object array) {
        for (int i = 0; i < Array.getLength(array); i++) {
            if (((Number) Array.get(array, i)).longValue() != 0) {
                return false;
            }
        }
        return true;
    }
}
