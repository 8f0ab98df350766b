// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import dev.tributary.ice.internal.wire.StunMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a demultiplexer of a shared UDP port asks about a datagram: is it STUN, and whose is it (RFC 7983, RFC 8489 §5).
 *
 * <p>Neither method changes the buffer's position, throws, or keeps anything. Thread-safe.
 */
public final class Stun {
    private Stun() {}

    /** Whether the remaining bytes of an array-backed buffer begin as a STUN message does. */
    public static boolean isStun(ByteBuffer datagram) {
        return StunMessage.looksLikeStun(
                datagram.array(), datagram.arrayOffset() + datagram.position(), datagram.remaining());
    }

    /**
     * The username fragment of the agent that a check is meant for: what stands before the colon of USERNAME. It routes
     * the first check of an unknown address; it proves nothing, for the agent verifies the check itself.
     *
     * @return null when the datagram is no STUN message, or is malformed, or has no such username
     */
    public static @Nullable String localUfragOf(ByteBuffer datagram) {
        StunMessage message = new StunMessage();
        StunMessage.ParseResult result =
                message.parse(datagram.array(), datagram.arrayOffset() + datagram.position(), datagram.remaining());
        return result == StunMessage.ParseResult.OK ? message.usernameBeforeColon(IceCredentials.UFRAG_MAX) : null;
    }
}
