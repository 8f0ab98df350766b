// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

/** Why a subscriber does not get a track as it would like. */
public enum Limitation {
    /** It gets what it asked for. */
    NONE,
    /** Nothing is behind the stream. */
    NO_SOURCE,
    /** The publisher sends nothing. */
    SILENT,
    /** The room has disabled the track. */
    DISABLED,
    /** The subscriber itself has paused it. */
    PAUSED,
    /** The publisher's next key frame is awaited. */
    AWAITS_KEY_FRAME,
    /** Its path carries a lower layer only. */
    LAYER_FOR_BANDWIDTH,
    /** Its path carries tracks of higher priority only. */
    PAUSED_FOR_BANDWIDTH
}
