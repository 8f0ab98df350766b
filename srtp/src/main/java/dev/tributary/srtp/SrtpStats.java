// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.util.Map;

/**
 * What a {@link SrtpSession} has done so far. Immutable.
 *
 * @param rtpProtected RTP packets protected
 * @param rtpUnprotected RTP packets authenticated and decrypted
 * @param rtcpProtected RTCP packets protected
 * @param rtcpUnprotected RTCP packets authenticated and decrypted
 * @param failures packets refused, by kind; kinds that did not happen are absent
 * @since 0.1
 */
public record SrtpStats(
        long rtpProtected,
        long rtpUnprotected,
        long rtcpProtected,
        long rtcpUnprotected,
        Map<SrtpFailure, Long> failures) {
    /** Takes a copy of the map. */
    public SrtpStats {
        failures = Map.copyOf(failures);
    }

    /** How often one kind happened. */
    public long count(SrtpFailure failure) {
        return failures.getOrDefault(failure, 0L);
    }
}
