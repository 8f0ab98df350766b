// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import org.jspecify.annotations.Nullable;

/**
 * What happens once to a {@link DtlsTransport}. Every transport that was started ends with one {@link Closed}.
 *
 * @since 0.1
 */
public sealed interface DtlsEvent {
    /**
     * The handshake is done, and the peer is who signalling said.
     *
     * @param keyingMaterial the keys for a {@link SrtpSession}, which the receiver of the event closes; {@code null} when
     *     the peer negotiated no SRTP
     */
    record Connected(@Nullable SrtpKeyingMaterial keyingMaterial) implements DtlsEvent {
        /** The profile negotiated, or {@code null}. */
        public @Nullable SrtpProfile profile() {
            return keyingMaterial == null ? null : keyingMaterial.profile();
        }
    }

    /**
     * It is over. Datagrams may be left to send: the alert that tells the peer.
     *
     * @param reason for programs
     * @param detail for people
     */
    record Closed(DtlsCloseReason reason, String detail) implements DtlsEvent {}
}
