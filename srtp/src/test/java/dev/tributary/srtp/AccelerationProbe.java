// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.io.PrintStream;
import java.security.Security;
import java.util.Arrays;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** The program of {@link SrtpAccelerationTest}: says what it has, and carries a packet of each profile with it. */
public final class AccelerationProbe {
    private AccelerationProbe() {}

    /** Prints {@link SrtpAcceleration#describe}, and for each profile whether its session is accelerated. */
    public static void main(String[] arguments) {
        if (System.getProperty("first.provider") != null) {
            Security.insertProviderAt(new BouncyCastleProvider(), 1);
        }
        StringBuilder sessions = new StringBuilder();
        for (SrtpProfile profile : SrtpProfile.values()) {
            SrtpPair pair = SrtpPair.of(profile);
            byte[] packet = SrtpPair.rtp(1, 2, 300);
            byte[] sealed = SrtpPair.seal(pair.client(), packet);
            if (pair.server().unprotect(sealed, 0, sealed.length) != packet.length
                    || !Arrays.equals(packet, Arrays.copyOf(sealed, packet.length))) {
                throw new AssertionError(profile);
            }
            sessions.append(pair.client().isAccelerated()).append(' ');
        }
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true);
        out.println(SrtpAcceleration.describe());
        out.println(sessions.toString().strip());
    }
}
