// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.SrtpSession;
import java.util.Arrays;

/** A session that takes and returns whole packets. */
final class SrtpEnd {
    private static final int ROOM_BYTES = 64;

    private final SrtpSession session;

    SrtpEnd(SrtpSession session) {
        this.session = session;
    }

    byte[] sealRtp(byte[] packet) {
        byte[] bytes = Arrays.copyOf(packet, packet.length + ROOM_BYTES);
        return whole(bytes, session.protect(bytes, 0, packet.length));
    }

    byte[] sealRtcp(byte[] packet) {
        byte[] bytes = Arrays.copyOf(packet, packet.length + ROOM_BYTES);
        return whole(bytes, session.protectRtcp(bytes, 0, packet.length));
    }

    byte[] openRtp(byte[] packet) {
        byte[] bytes = packet.clone();
        return whole(bytes, session.unprotect(bytes, 0, bytes.length));
    }

    int openRtpStatus(byte[] packet) {
        return session.unprotect(packet.clone(), 0, packet.length);
    }

    byte[] openRtcp(byte[] packet) {
        byte[] bytes = packet.clone();
        return whole(bytes, session.unprotectRtcp(bytes, 0, bytes.length));
    }

    private static byte[] whole(byte[] bytes, int length) {
        assertThat(length).as("status").isPositive();
        return Arrays.copyOf(bytes, length);
    }
}
