// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/** The states of a channel, as in the W3C's RTCDataChannelState. */
public enum DataChannelState {
    /** Opened by us and not yet acknowledged; messages can be sent already. */
    CONNECTING,
    /** Messages flow. */
    OPEN,
    /** One side has closed; the other still has to. */
    CLOSING,
    /** Over; its identifier is free again. */
    CLOSED
}
