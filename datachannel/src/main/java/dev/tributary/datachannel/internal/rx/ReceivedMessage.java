// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

/**
 * A whole message.
 *
 * @param number SSN or MID, unwrapped
 */
public record ReceivedMessage(int stream, long number, int ppid, boolean unordered, byte[] payload) {}
