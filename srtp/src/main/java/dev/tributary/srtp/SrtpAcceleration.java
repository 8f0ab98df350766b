// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.srtp.internal.transform.Acceleration;

/**
 * The faster way through the JVM's own AES: {@link SrtpSession} calls the vector code inside of it directly, which takes
 * half the time of the public cipher interface and leaves no garbage. It needs a JVM that was started with
 *
 * <pre>{@code
 * --add-opens java.base/com.sun.crypto.provider=ALL-UNNAMED           (on the class path)
 * --add-opens java.base/com.sun.crypto.provider=dev.tributary.srtp    (on the module path)
 * }</pre>
 *
 * or from a jar whose manifest says {@code Add-Opens: java.base/com.sun.crypto.provider}. It is compared with the public
 * interface on random packets when first asked for, and silently absent where the JVM does not allow it, is made
 * differently, or has another AES provider in first place. It is never required, and can be forbidden: for one session by
 * {@link SrtpSession.Builder#accelerated}, for all by the system property {@value #PROPERTY}. Thread-safe.
 *
 * @since 0.1
 */
public final class SrtpAcceleration {
    /** The system property that forbids it for all later sessions when it is {@code false}. */
    public static final String PROPERTY = "tributary.srtp.accelerated";

    private SrtpAcceleration() {}

    /** Whether new sessions use it unless they say otherwise. The first call takes some milliseconds. */
    public static boolean isAvailable() {
        return isAllowed() && Acceleration.absence() == null;
    }

    /** One line for an operator: that it is in use, or why not. The first call takes some milliseconds. */
    public static String describe() {
        if (!isAllowed()) {
            return "SRTP is not accelerated: forbidden by " + PROPERTY;
        }
        String absence = Acceleration.absence();
        return absence == null ? "SRTP is accelerated" : "SRTP is not accelerated: " + absence;
    }

    private static boolean isAllowed() {
        return !"false".equals(System.getProperty(PROPERTY));
    }
}
