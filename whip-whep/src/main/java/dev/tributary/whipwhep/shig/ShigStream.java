// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.shig;

/**
 * What Shig's client shows of a stream. Immutable.
 *
 * @param id its id, as in the URL
 * @param title for people
 * @param owner {@code user@host}: to the 2024 client, whoever has this name is the host
 * @param ownerUuid to the 1.0 client, whoever has this id is the host
 * @param channelUuid the channel that the stream belongs to
 */
public record ShigStream(String id, String title, String owner, String ownerUuid, String channelUuid) {
    /** A stream of which nothing is known but its id: everybody is a guest. */
    public static ShigStream of(String id) {
        return new ShigStream(id, id, "", "", "");
    }
}
