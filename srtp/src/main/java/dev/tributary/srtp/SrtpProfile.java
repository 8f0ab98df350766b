// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.srtp.internal.transform.ProfileOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An SRTP protection profile: which cipher, which tag, how much key. The numbers are those of the DTLS extension {@code
 * use_srtp} (RFC 5764 §4.1.2, RFC 7714 §14.2). Authenticated profiles only; the NULL ciphers are not known here.
 *
 * @since 0.1
 */
public enum SrtpProfile {
    /** AES-128 in GCM (RFC 7714): half the cost of counter mode with HMAC on this JVM, so the first choice. */
    AEAD_AES_128_GCM(7, 16, 12, 16, 16),
    /** AES-256 in GCM (RFC 7714). */
    AEAD_AES_256_GCM(8, 32, 12, 16, 16),
    /** AES-128 in counter mode with an 80 bit HMAC-SHA1 tag (RFC 3711): the one that every WebRTC peer knows. */
    AES128_CM_HMAC_SHA1_80(1, 16, 14, 10, 10),
    /** As {@link #AES128_CM_HMAC_SHA1_80} with a 32 bit tag on RTP; RTCP keeps 80 bits (RFC 3711 §5.2). */
    AES128_CM_HMAC_SHA1_32(2, 16, 14, 4, 10);

    private final int id;
    private final int masterKeyBytes;
    private final int masterSaltBytes;
    private final int rtpTagBytes;
    private final int rtcpTagBytes;

    SrtpProfile(int id, int masterKeyBytes, int masterSaltBytes, int rtpTagBytes, int rtcpTagBytes) {
        this.id = id;
        this.masterKeyBytes = masterKeyBytes;
        this.masterSaltBytes = masterSaltBytes;
        this.rtpTagBytes = rtpTagBytes;
        this.rtcpTagBytes = rtcpTagBytes;
    }

    /**
     * The profile with a number of the {@code use_srtp} registry.
     *
     * @return {@code null} when we do not implement that profile
     */
    public static @Nullable SrtpProfile of(int id) {
        for (SrtpProfile profile : values()) {
            if (profile.id == id) {
                return profile;
            }
        }
        return null;
    }

    /**
     * The profiles to offer or to choose from, the one that costs this JVM least first: both of AES-GCM and then AES-CM with
     * an 80 bit tag, or AES-CM before them where the JVM has no vector code for AES-GCM. Measured on the first call, which
     * takes some tenths of a second, at most 2 seconds; remembered from then on. {@link DtlsTransport} does by default what
     * this says, without waiting for it.
     */
    public static List<SrtpProfile> fastestFirst() {
        return ProfileOrder.measured();
    }

    /** The number in the {@code use_srtp} registry. */
    public int id() {
        return id;
    }

    /** Length of one master key. */
    public int masterKeyBytes() {
        return masterKeyBytes;
    }

    /** Length of one master salt. */
    public int masterSaltBytes() {
        return masterSaltBytes;
    }

    /** Length of what DTLS exports: two keys and two salts (RFC 5764 §4.2). */
    public int keyingMaterialBytes() {
        return 2 * (masterKeyBytes + masterSaltBytes);
    }

    /** How much a packet grows when it is protected. */
    public int rtpOverheadBytes() {
        return rtpTagBytes;
    }

    /** How much a compound RTCP packet grows when it is protected: the tag, and the word with the index. */
    public int rtcpOverheadBytes() {
        return rtcpTagBytes + 4;
    }

    /** Whether cipher and tag are one (RFC 7714). */
    public boolean isAead() {
        return this == AEAD_AES_128_GCM || this == AEAD_AES_256_GCM;
    }
}
