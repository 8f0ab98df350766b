// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import dev.tributary.srtp.DtlsCloseReason;
import dev.tributary.srtp.SrtpKeyingMaterial;
import org.jspecify.annotations.Nullable;

/** What an engine tells once. */
public sealed interface EngineOutcome {
    /** The handshake succeeded. */
    record Established(@Nullable SrtpKeyingMaterial keyingMaterial) implements EngineOutcome {}

    /** It is over, before or after the handshake succeeded. */
    record Ended(DtlsCloseReason reason, String detail) implements EngineOutcome {}
}
