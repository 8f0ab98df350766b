// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import dev.tributary.activitypub.ActivityPub;
import dev.tributary.activitypub.LocalActor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The accounts of an instance. Immutable. */
final class Accounts {
    private final Map<String, Account> byName = new LinkedHashMap<>();

    Accounts(ActivityPub fediverse, List<String> names) {
        for (String name : names) {
            LocalActor person = fediverse.person(name, name);
            LocalActor channel = fediverse.channel(name + "_live", name + " live", person);
            byName.put(name, new Account(name, person, channel));
        }
    }

    Collection<Account> all() {
        return byName.values();
    }

    /** The account of a name, which is also the owner of the room of that name. */
    Optional<Account> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
