// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.util.concurrent.CompletionStage;

/**
 * Gives a guest who was invited and accepted the access to the stage: makes a token and remembers for whom. The host
 * application implements it, because it knows the rooms.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface AccessIssuer {
    /**
     * Issues access. By now the caller is authenticated and on the list of guests, and the live is not over.
     *
     * @return fails to refuse; the guest's instance then gets 403
     */
    CompletionStage<StageAccess> issue(Request request);

    /**
     * Who asks for access to which stage.
     *
     * @param live the live of ours
     * @param guestId the actor that was invited
     * @param guestAddress its {@code name@host[:port]}
     * @param guestName its display name; a stranger's text
     * @param instanceId the Application actor of its instance, which signs the requests of its media server; empty if
     *     it did not say
     * @param role what it was invited as, for example {@code guest}
     */
    record Request(
            LiveStream live, String guestId, String guestAddress, String guestName, String instanceId, String role) {}
}
