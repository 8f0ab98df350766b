// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

/** One thing that a grant allows in its room. */
public enum Right {
    /** Receive the stream by WHEP. */
    PLAY,
    /** Publish the main source by WHIP. */
    PUBLISH_MAIN,
    /** Publish as a guest by WHIP. */
    PUBLISH_GUEST,
    /** Act as another instance: many tracks in one session, received or sent. */
    PIPE,
    /** Moderate: enable and disable tracks, change purposes, ask guests to mute or stop. */
    HOST
}
