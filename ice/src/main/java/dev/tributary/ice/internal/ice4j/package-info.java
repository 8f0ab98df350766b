// SPDX-License-Identifier: Apache-2.0
/**
 * The full agent that gathers from STUN and TURN servers, through ice4j. {@link dev.tributary.ice.internal.ice4j.Ice4jAgent} is
 * what its owner sees, {@link dev.tributary.ice.internal.ice4j.Ice4jSession} one generation of it with its threads, and
 * {@link dev.tributary.ice.internal.ice4j.TurnTunnel} carries TURN over TCP and TLS. Not sans-IO: everything here may block but
 * what the owner calls.
 */
package dev.tributary.ice.internal.ice4j;
