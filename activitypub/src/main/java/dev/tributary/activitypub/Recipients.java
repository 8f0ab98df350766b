// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * To whom {@link ActivityPub#send} sends. Immutable.
 *
 * <pre>{@code
 * Recipients.followersOf(channel).and(Recipients.of(bob)).inOrderOf(note.id().orElseThrow())
 * }</pre>
 *
 * @param inboxes where to, each once
 * @param followersOf ids of actors of this instance, to whose followers it goes as well
 * @param orderedBy activities with the same key reach an origin in the order in which they were sent; empty when order
 *     does not matter
 * @since 0.1
 */
public record Recipients(Set<String> inboxes, List<String> followersOf, String orderedBy) {
    /** Keeps copies. */
    public Recipients {
        inboxes = Set.copyOf(inboxes);
        followersOf = List.copyOf(followersOf);
    }

    /** Single actors, each in its own inbox. */
    public static Recipients of(RemoteActor... actors) {
        Set<String> inboxes = new LinkedHashSet<>();
        for (RemoteActor actor : actors) {
            inboxes.add(actor.inbox());
        }
        return new Recipients(inboxes, List.of(), "");
    }

    /** Inboxes by their URLs. */
    public static Recipients inboxes(Collection<String> urls) {
        return new Recipients(new LinkedHashSet<>(urls), List.of(), "");
    }

    /** Whoever follows one of ours, each server once. */
    public static Recipients followersOf(LocalActor actor) {
        return new Recipients(Set.of(), List.of(actor.id()), "");
    }

    /** These and others. */
    public Recipients and(Recipients others) {
        Set<String> all = new LinkedHashSet<>(inboxes);
        all.addAll(others.inboxes);
        List<String> actors = new java.util.ArrayList<>(followersOf);
        others.followersOf.stream().filter(actor -> !actors.contains(actor)).forEach(actors::add);
        return new Recipients(all, actors, orderedBy);
    }

    /** The same, in order with others of this key. */
    public Recipients inOrderOf(String key) {
        return new Recipients(inboxes, followersOf, key);
    }
}
