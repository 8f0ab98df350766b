// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

/**
 * An actor of this instance.
 *
 * @param id its id, a URL under the base URL; never changes
 * @param kind what it is
 * @param username unique in the instance; letters, digits and underscores
 * @param name its display name
 * @param address {@code username@host[:port]}
 * @param ownerId for a channel, the id of the person it belongs to; empty otherwise
 * @since 0.1
 */
public record LocalActor(String id, Kind kind, String username, String name, String address, String ownerId) {
    /** The three actors that a live stream needs: PeerTube asks for each of them. */
    public enum Kind {
        /** An account: sends {@code Create(Video)} and {@code Invite}, owns streams. */
        PERSON("Person"),
        /** A channel: what people subscribe to; sends {@code Announce(Video)}. */
        CHANNEL("Group"),
        /** The instance: signs every fetch and the requests of pipes; readable unsigned. */
        INSTANCE("Application");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** The ActivityStreams type. */
        public String type() {
            return type;
        }
    }
}
