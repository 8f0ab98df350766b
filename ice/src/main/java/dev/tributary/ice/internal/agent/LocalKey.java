// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.internal.wire.IntegrityKey;
import java.nio.charset.StandardCharsets;

/** Our side of one generation: what checks from the peer are verified with, and our answers signed. */
final class LocalKey {
    final IceCredentials credentials;
    final byte[] ufrag;
    final IntegrityKey integrity;

    LocalKey(IceCredentials credentials) {
        this.credentials = credentials;
        this.ufrag = credentials.ufrag().getBytes(StandardCharsets.US_ASCII);
        this.integrity = IntegrityKey.ofPassword(credentials.pwd());
    }
}
