// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.delivery;

import dev.tributary.activitypub.ApObject;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An activity on its way out.
 *
 * @param senderId the id of our actor that signs
 * @param activity what is sent
 * @param inboxes where to, each once
 * @param followersOf and to whoever follows these actors of ours
 * @param urgency how soon
 * @param subject keeps the order of what concerns the same object; empty when order does not matter
 * @param supersedes a newer one with this key replaces an older one that waits; empty when none does
 * @param lifetime after it, sending is of no use
 */
public record Outgoing(
        String senderId,
        ApObject activity,
        Set<String> inboxes,
        List<String> followersOf,
        Urgency urgency,
        String subject,
        String supersedes,
        Duration lifetime) {
    /** The end of the retry schedule. */
    private static final Duration LIFETIME = Duration.ofDays(4);

    /** An answer to one actor. What one of ours says to another keeps its order: Follow, Undo, Follow. */
    public static Outgoing answer(String senderId, ApObject activity, String inbox) {
        return new Outgoing(
                senderId, activity, Set.of(inbox), List.of(), Urgency.ANSWER, senderId + " to " + inbox, "", LIFETIME);
    }

    /** News about an object to the followers of some actors; its order is kept. */
    public static Outgoing news(String senderId, ApObject activity, List<String> followersOf, String objectId) {
        return new Outgoing(senderId, activity, Set.of(), followersOf, Urgency.LIVE, objectId, "", LIFETIME);
    }

    /** The newest state of an object: what still waits from before is not sent any more. */
    public static Outgoing state(
            String senderId,
            ApObject activity,
            List<String> followersOf,
            Collection<String> inboxes,
            String objectId,
            Duration lifetime) {
        return new Outgoing(
                senderId,
                activity,
                new LinkedHashSet<>(inboxes),
                followersOf,
                Urgency.LIVE,
                objectId,
                "state " + objectId,
                lifetime);
    }

    /** The state of an object as long as it may matter. */
    public static Outgoing state(
            String senderId, ApObject activity, List<String> followersOf, Collection<String> inboxes, String objectId) {
        return state(senderId, activity, followersOf, inboxes, objectId, LIFETIME);
    }

    /** The same to followers only. */
    Outgoing withoutInboxes() {
        return new Outgoing(senderId, activity, Set.of(), followersOf, urgency, subject, supersedes, lifetime);
    }

    /** What the host application sends. */
    public static Outgoing ordinary(
            String senderId, ApObject activity, Collection<String> inboxes, List<String> followersOf, String subject) {
        return new Outgoing(
                senderId, activity, new LinkedHashSet<>(inboxes), followersOf, Urgency.ORDINARY, subject, "", LIFETIME);
    }
}
