// SPDX-License-Identifier: Apache-2.0
/** Packet indices: roll-over, replay and what is remembered of each source (RFC 3711 §3.3). */
package dev.tributary.srtp.internal.index;
