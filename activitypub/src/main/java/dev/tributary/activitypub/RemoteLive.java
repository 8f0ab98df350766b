// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.time.Instant;

/**
 * A live stream of another instance, as it was last heard of.
 *
 * @param id the id of its Video
 * @param name its title; a stranger's text
 * @param hostAddress address of the channel, or of the account if it has no channel: {@code name@host[:port]}
 * @param hostName display name of the same; a stranger's text
 * @param watchPage URL of its page; may be empty
 * @param whep WHEP endpoint to pull from; empty for a plain live
 * @param hls HLS playlist; may be empty
 * @param personId the account that owns it
 * @param channelId the channel; may be empty
 * @param instanceId the Application actor of its instance; may be empty
 * @param state its state
 * @param epoch counts the sessions of a permanent live; 0 if the host does not say
 * @param updated when the host last changed it
 * @param access endpoint where a guest asks for access to the stage; empty for a plain live
 * @param document the whole Video
 * @since 0.1
 */
public record RemoteLive(
        String id,
        String name,
        String hostAddress,
        String hostName,
        String watchPage,
        String whep,
        String hls,
        String personId,
        String channelId,
        String instanceId,
        LiveState state,
        int epoch,
        Instant updated,
        String access,
        ApObject document) {
    /** True if it has a stage: guests can be invited and the control channel is spoken. */
    public boolean isInteractive() {
        return !access.isEmpty();
    }
}
