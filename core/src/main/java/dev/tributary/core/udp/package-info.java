// SPDX-License-Identifier: Apache-2.0
/**
 * The media loops: one event loop per core, all on one UDP port, each the single owner of its peers and timers.
 *
 * <p>Read {@link dev.tributary.core.udp.MediaLoops} first (how to start them), then {@link
 * dev.tributary.core.udp.MediaLoop} (what a loop does for its peers) and {@link
 * dev.tributary.core.udp.DatagramReceiver} (what one writes). The kernel decides which loop a datagram arrives on; the
 * loop that owns the peer may be another one, and {@link dev.tributary.core.udp.MediaLoop#handOver} brings it there.
 */
package dev.tributary.core.udp;
