// SPDX-License-Identifier: Apache-2.0
/**
 * STUN (RFC 8489) and ICE (RFC 8445), sans-IO. Read {@link dev.tributary.ice.IceAgent} first; a server that shares one
 * port among sessions routes with {@link dev.tributary.ice.Stun}.
 */
package dev.tributary.ice;
