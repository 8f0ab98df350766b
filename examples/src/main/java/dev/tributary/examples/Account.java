// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.LocalActor;

/**
 * Somebody who lives on this instance. Their room for live streams has their name.
 *
 * @param name the user name, and the name of the room
 * @param person the account as the Fediverse knows it
 * @param channel what people subscribe to
 */
record Account(String name, LocalActor person, LocalActor channel) {
    /** The name to show: the address says where somebody is from. */
    String label() {
        return person.address();
    }
}
