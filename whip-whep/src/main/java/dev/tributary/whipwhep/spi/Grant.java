// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who came in, and what they may do in the room they asked for. Immutable and thread-safe.
 *
 * @param subject who it is: the id of an actor, of an instance, or the subject of a token; two sessions of one subject
 *     are the same identity when it comes to taking over. The empty string is nobody in particular
 * @param instance the id of the instance that vouches for the subject, or {@code null} when it is a local one
 * @param label the name to show, plain text
 * @param rights what is allowed
 * @param expires when it ends; {@link Instant#MAX} for never
 * @param revoked completes when it is withdrawn before its time, which ends the sessions that stand on it
 */
public record Grant(
        String subject,
        @Nullable String instance,
        String label,
        Set<Right> rights,
        Instant expires,
        CompletionStage<Void> revoked) {
    /** Checks and copies. */
    public Grant {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(expires, "expires");
        Objects.requireNonNull(revoked, "revoked");
        rights = Set.copyOf(rights);
    }

    /** A grant of a local subject that never ends and is never withdrawn. */
    public static Grant of(String subject, String label, Right first, Right... more) {
        return new Grant(subject, null, label, EnumSet.of(first, more), Instant.MAX, new CompletableFuture<>());
    }

    /** A grant of another instance for a pipe; add {@link Right#PLAY} to pull, {@link Right#PUBLISH_GUEST} to push. */
    public static Grant ofInstance(String instance, String label, Right first, Right... more) {
        EnumSet<Right> rights = EnumSet.of(first, more);
        rights.add(Right.PIPE);
        return new Grant(instance, instance, label, rights, Instant.MAX, new CompletableFuture<>());
    }

    /** Whether something is allowed. */
    public boolean allows(Right right) {
        return rights.contains(right);
    }

    /** The same grant, until a time. */
    public Grant until(Instant end) {
        return new Grant(subject, instance, label, rights, end, revoked);
    }

    /** The same grant, withdrawn when the stage completes. */
    public Grant revokedBy(CompletionStage<Void> withdrawal) {
        return new Grant(subject, instance, label, rights, expires, withdrawal);
    }
}
