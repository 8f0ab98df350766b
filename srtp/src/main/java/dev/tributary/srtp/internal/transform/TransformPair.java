// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import dev.tributary.srtp.SrtpProfile;
import java.util.Arrays;

/** The two transforms of one direction, with the session keys derived from its master key (RFC 3711 §4.3). */
public record TransformPair(Transform rtp, Transform rtcp) {
    private static final int AUTHENTICATION_KEY_BYTES = 20;

    /** Derives the session keys of one direction; zeroes the master key and salt handed in. */
    public static TransformPair derive(SrtpProfile profile, byte[] masterKey, byte[] masterSalt, CipherSource source) {
        try (KeyDerivation keys = new KeyDerivation(masterKey, masterSalt)) {
            Transform rtp = transform(profile, keys, 0, profile.rtpOverheadBytes(), source);
            int rtcpTag = profile.rtcpOverheadBytes() - Transform.ESRTCP_WORD_BYTES;
            Transform rtcp = transform(profile, keys, KeyDerivation.RTCP, rtcpTag, source);
            return new TransformPair(rtp, rtcp);
        } finally {
            Arrays.fill(masterKey, (byte) 0);
            Arrays.fill(masterSalt, (byte) 0);
        }
    }

    private static Transform transform(
            SrtpProfile profile, KeyDerivation keys, int labels, int tagBytes, CipherSource source) {
        byte[] key = keys.derive(labels + KeyDerivation.CIPHER_KEY, profile.masterKeyBytes());
        byte[] salt = keys.derive(labels + KeyDerivation.SALT, profile.masterSaltBytes());
        if (profile.isAead()) {
            return source.gcm(key, salt);
        }
        byte[] authentication = keys.derive(labels + KeyDerivation.AUTHENTICATION_KEY, AUTHENTICATION_KEY_BYTES);
        return new CounterModeTransform(source.counterMode(key), salt, authentication, tagBytes);
    }
}
