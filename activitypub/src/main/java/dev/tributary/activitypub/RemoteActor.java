// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.net.URI;

/**
 * An actor of another instance, as its own document describes it.
 *
 * @param id its id, a URL
 * @param type Person, Group, Application, Service or Organization
 * @param address {@code name@host[:port]}, as people write it
 * @param name its display name; its user name when it has none
 * @param inbox where to send what is meant for it alone
 * @param sharedInbox where to send what is meant for many of its instance; its inbox when there is none
 * @param document the whole document
 * @since 0.1
 */
public record RemoteActor(
        String id, String type, String address, String name, String inbox, String sharedInbox, ApObject document) {
    /** Host and, when it is not the default one, port. */
    public String authority() {
        return URI.create(id).getRawAuthority();
    }
}
