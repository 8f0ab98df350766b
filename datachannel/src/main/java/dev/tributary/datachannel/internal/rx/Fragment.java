// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

/**
 * One DATA or I-DATA chunk that arrived.
 *
 * @param position what orders the fragments of a message: TSN of DATA, fragment number of I-DATA
 * @param number SSN or MID, unwrapped
 */
record Fragment(
        long position,
        int stream,
        long number,
        int ppid,
        boolean unordered,
        boolean begin,
        boolean end,
        byte[] payload) {}
