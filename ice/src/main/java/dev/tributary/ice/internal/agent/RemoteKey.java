// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.internal.wire.IntegrityKey;
import java.nio.charset.StandardCharsets;

/** The peer's side of one generation: what our checks are signed with, and its answers verified. */
final class RemoteKey {
    final byte[] username;
    final IntegrityKey integrity;

    RemoteKey(IceCredentials remote, IceCredentials local) {
        // RFC 8445 §7.2.2: the peer's fragment first.
        this.username = (remote.ufrag() + ':' + local.ufrag()).getBytes(StandardCharsets.US_ASCII);
        this.integrity = IntegrityKey.ofPassword(remote.pwd());
    }
}
