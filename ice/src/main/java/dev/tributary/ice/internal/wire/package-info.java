// SPDX-License-Identifier: Apache-2.0
/**
 * STUN on the wire (RFC 8489): {@link dev.tributary.ice.internal.wire.StunMessage} reads in place,
 * {@link dev.tributary.ice.internal.wire.StunWriter} writes, {@link dev.tributary.ice.internal.wire.IntegrityKey}
 * authenticates. Nothing here knows ICE, and nothing here allocates for each message once warm.
 */
package dev.tributary.ice.internal.wire;
