// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.udp;

/**
 * Counters of the TCP port of {@link MediaLoops} since its start.
 *
 * @param open connections now
 * @param accepted connections that were accepted
 * @param refused connections that were closed at once because there were too many
 * @param unproven connections that were closed because they were not answered in time, or sent too much before
 * @param broken connections that were closed because what they sent could not be followed
 * @param dropped datagrams that were not sent because too much was waiting already
 */
public record StreamStats(int open, long accepted, long refused, long unproven, long broken, long dropped) {}
