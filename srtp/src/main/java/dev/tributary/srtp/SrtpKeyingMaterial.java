// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.util.Arrays;

/**
 * The master keys and salts of both directions, as exported from a DTLS handshake (RFC 5764 §4.2): client key, server
 * key, client salt, server salt.
 *
 * <p>Holds secrets: {@link #toString} does not show them, {@link #close} zeroes them. A {@link SrtpSession} keeps what it
 * derives, not this object, so close it once the session exists. Not thread-safe.
 *
 * @since 0.1
 */
public final class SrtpKeyingMaterial implements AutoCloseable {
    private final SrtpProfile profile;
    private final byte[] exported;

    private SrtpKeyingMaterial(SrtpProfile profile, byte[] exported) {
        this.profile = profile;
        this.exported = exported;
    }

    /**
     * Takes a copy of exported keying material.
     *
     * @param exported {@link SrtpProfile#keyingMaterialBytes} bytes
     * @throws IllegalArgumentException if the length is not that of the profile
     */
    public static SrtpKeyingMaterial of(SrtpProfile profile, byte[] exported) {
        if (exported.length != profile.keyingMaterialBytes()) {
            throw new IllegalArgumentException("Keying material of " + profile + " has " + profile.keyingMaterialBytes()
                    + " bytes, not " + exported.length);
        }
        return new SrtpKeyingMaterial(profile, exported.clone());
    }

    /** The profile that the keys are for. */
    public SrtpProfile profile() {
        return profile;
    }

    /** A copy of the master key that the given side writes with. */
    byte[] masterKeyOf(DtlsRole writer) {
        int length = profile.masterKeyBytes();
        int from = writer == DtlsRole.CLIENT ? 0 : length;
        return Arrays.copyOfRange(exported, from, from + length);
    }

    /** A copy of the master salt that the given side writes with. */
    byte[] masterSaltOf(DtlsRole writer) {
        int length = profile.masterSaltBytes();
        int from = 2 * profile.masterKeyBytes() + (writer == DtlsRole.CLIENT ? 0 : length);
        return Arrays.copyOfRange(exported, from, from + length);
    }

    /** Zeroes the keys. Idempotent; sessions made before keep working. */
    @Override
    public void close() {
        Arrays.fill(exported, (byte) 0);
    }

    @Override
    public String toString() {
        return "SrtpKeyingMaterial[" + profile + "]";
    }
}
