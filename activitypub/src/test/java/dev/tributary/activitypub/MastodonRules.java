// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.util.ArrayList;
import java.util.List;

/** What Mastodon asks of a Video or Note that is to become a post of its sender, written from its rules. */
final class MastodonRules {
    private MastodonRules() {}

    /**
     * One complaint for each rule that is broken.
     *
     * @param sender the actor of the Create
     */
    static List<String> complaints(ApObject object, String sender) {
        List<String> complaints = new ArrayList<>();
        check(complaints, object.strings("@context").contains(ApObject.CONTEXT), "@context");
        check(complaints, List.of("Video", "Note", "Event").contains(object.type()), "type");
        check(complaints, sameHost(object.id().orElse(""), sender), "id of the sender's host");
        // Only the first one counts.
        check(complaints, object.reference("attributedTo").orElse("").equals(sender), "first attributedTo");
        check(
                complaints,
                object.isType("Note") || !object.string("name").orElse("").isBlank(),
                "name");
        ApObject first = object.objects("url").stream().findFirst().orElse(ApObject.ofType(""));
        check(
                complaints,
                object.string("url").isPresent()
                        || first.string("mediaType").orElse("").equals("text/html")
                                && first.string("href").orElse("").startsWith("http"),
                "first link");
        check(complaints, object.instant("published").isPresent(), "published");
        check(complaints, object.isPublic(), "to");
        // With a summary the link is hidden behind a warning and never crawled, so there is no player.
        check(complaints, object.string("summary").isEmpty(), "summary");
        return complaints;
    }

    private static void check(List<String> complaints, boolean holds, String what) {
        if (!holds) {
            complaints.add(what);
        }
    }

    private static boolean sameHost(String one, String other) {
        int slash = other.indexOf('/', other.indexOf("//") + 2);
        return slash > 0 && one.startsWith(other.substring(0, slash + 1));
    }
}
