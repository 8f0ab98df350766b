// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.association;

import dev.tributary.datachannel.internal.wire.Capabilities;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an INIT ACK needs to remember of an INIT, carried by the peer instead of by us (RFC 9260 §5.1.3).
 *
 * @param createdNanos when it was made, for its life
 * @param tieLocalTag our tag at that time, 0 when there was no association (RFC 9260 §5.2.4 tie-tags)
 * @param tiePeerTag the peer's tag at that time, or 0
 */
record StateCookie(
        long createdNanos, int localTag, int localInitialTsn, int tieLocalTag, int tiePeerTag, PeerParameters peer) {

    static final int BYTES = 44;

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(createdNanos)
                .putInt(localTag)
                .putInt(localInitialTsn)
                .putInt(tieLocalTag)
                .putInt(tiePeerTag);
        out.putInt(peer.tag()).putInt(peer.initialTsn()).putInt((int) peer.windowBytes());
        out.putShort((short) peer.outboundStreams()).putShort((short) peer.inboundStreams());
        return out.putInt(peer.capabilities().bits()).array();
    }

    static @Nullable StateCookie decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new StateCookie(
                in.getLong(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                new PeerParameters(
                        in.getInt(),
                        in.getInt(),
                        Integer.toUnsignedLong(in.getInt()),
                        Short.toUnsignedInt(in.getShort()),
                        Short.toUnsignedInt(in.getShort()),
                        Capabilities.ofBits(in.getInt())));
    }
}
