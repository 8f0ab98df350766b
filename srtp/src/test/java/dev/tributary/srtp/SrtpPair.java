// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.util.Random;

/** Two sessions under the same keys: what one protects the other can open. */
record SrtpPair(SrtpSession client, SrtpSession server) {
    static SrtpPair of(SrtpProfile profile) {
        return of(profile, SrtpLimits.DEFAULT);
    }

    static SrtpPair of(SrtpProfile profile, SrtpLimits limits) {
        return of(profile, limits, true);
    }

    static SrtpPair of(SrtpProfile profile, SrtpLimits limits, boolean accelerated) {
        try (SrtpKeyingMaterial material = material(profile)) {
            return new SrtpPair(
                    SrtpSession.builder(material, DtlsRole.CLIENT)
                            .limits(limits)
                            .accelerated(accelerated)
                            .build(),
                    SrtpSession.builder(material, DtlsRole.SERVER)
                            .limits(limits)
                            .accelerated(accelerated)
                            .build());
        }
    }

    /** The keys of both sessions of a pair, always the same ones. */
    static SrtpKeyingMaterial material(SrtpProfile profile) {
        byte[] exported = new byte[profile.keyingMaterialBytes()];
        new Random(profile.id()).nextBytes(exported);
        return SrtpKeyingMaterial.of(profile, exported);
    }

    /** An RTP packet with a one-byte header extension and a payload that its numbers tell. */
    static byte[] rtp(int ssrc, int sequenceNumber, int payloadBytes) {
        byte[] packet = new byte[20 + payloadBytes];
        packet[0] = (byte) 0x90;
        packet[1] = 96;
        packet[2] = (byte) (sequenceNumber >>> 8);
        packet[3] = (byte) sequenceNumber;
        for (int i = 0; i < 4; i++) {
            packet[8 + i] = (byte) (ssrc >>> 24 - 8 * i);
        }
        packet[12] = (byte) 0xBE;
        packet[13] = (byte) 0xDE;
        packet[15] = 1;
        packet[16] = 0x51;
        for (int i = 0; i < payloadBytes; i++) {
            packet[20 + i] = (byte) (sequenceNumber + 31 * i);
        }
        return packet;
    }

    /** A sender report of 28 bytes. */
    static byte[] rtcp(int ssrc, int marker) {
        byte[] packet = new byte[28];
        packet[0] = (byte) 0x80;
        packet[1] = (byte) 200;
        packet[3] = 6;
        for (int i = 0; i < 4; i++) {
            packet[4 + i] = (byte) (ssrc >>> 24 - 8 * i);
        }
        packet[27] = (byte) marker;
        return packet;
    }

    /** Protects into an array of its own. */
    static byte[] seal(SrtpSession session, byte[] packet) {
        byte[] sealed = new byte[packet.length + session.profile().rtpOverheadBytes()];
        int length = session.protect(packet, 0, packet.length, sealed, 0);
        if (length != sealed.length) {
            throw new AssertionError("not sealed: " + (length < 0 ? SrtpFailure.of(length) : length));
        }
        return sealed;
    }

    /** Opens a copy, so that a packet can be tried again. */
    static int open(SrtpSession session, byte[] sealed) {
        byte[] copy = sealed.clone();
        return session.unprotect(copy, 0, copy.length);
    }
}
