// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/** What became of a message that was given to {@code send}. */
public enum SendStatus {
    /** It is queued and will be sent. */
    QUEUED,
    /** {@link Limits#sendBufferBytes} is reached: try again after the {@code Writable} event that follows. */
    BUFFER_FULL,
    /** It is larger than the peer's {@code a=max-message-size}, or than {@link Limits#sendBufferBytes}. */
    TOO_LARGE,
    /** The stream or channel is closing, is closed, or does not exist. */
    NOT_OPEN
}
