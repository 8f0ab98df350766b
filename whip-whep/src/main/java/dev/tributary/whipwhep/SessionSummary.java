// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.whipwhep.spi.SessionKind;

/**
 * What can be told of a session without giving away its URL.
 *
 * @param kind whether its client publishes or plays
 * @param room the room
 * @param subject who it is, as the grant says
 * @param isDynamic whether it has a control channel
 */
public record SessionSummary(SessionKind kind, String room, String subject, boolean isDynamic) {}
