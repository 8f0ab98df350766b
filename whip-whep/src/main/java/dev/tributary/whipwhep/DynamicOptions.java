// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a control channel needs to know. Immutable.
 *
 * @param isServer whether this is the HTTP server of the session
 * @param session the id of the session, said in {@code welcome} (server only)
 * @param roles the role to greet with (client), or those that are accepted (server)
 * @param permissions what the client is told that it may do (server only)
 * @param owns whether a track of the given id belongs to the client of this session (server only)
 * @param instance the id of this instance, against loops; {@code null} when this is no instance
 * @param via the instances that the stream passed before this one, nearest last
 * @param limits the bounds
 */
public record DynamicOptions(
        boolean isServer,
        String session,
        Set<ControlRole> roles,
        Set<Permission> permissions,
        Predicate<String> owns,
        @Nullable String instance,
        List<String> via,
        DynamicLimits limits) {
    /** Checks and copies. */
    public DynamicOptions {
        if (roles.isEmpty() || (!isServer && roles.size() != 1)) {
            throw new IllegalArgumentException(
                    "A client greets with one role, a server accepts at least one: " + roles);
        }
        roles = Set.copyOf(roles);
        permissions = permissions.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(permissions));
        via = List.copyOf(via);
    }

    /** The HTTP server of a session; it accepts the given roles, and grants nothing until told. */
    public static DynamicOptions server(String session, ControlRole first, ControlRole... more) {
        return new DynamicOptions(
                true,
                session,
                EnumSet.of(first, more),
                Set.of(),
                track -> false,
                null,
                List.of(),
                DynamicLimits.DEFAULT);
    }

    /** The HTTP client of a session, that greets with a role. */
    public static DynamicOptions client(ControlRole role) {
        return new DynamicOptions(
                false, "", Set.of(role), Set.of(), track -> false, null, List.of(), DynamicLimits.DEFAULT);
    }

    /** The same, with permissions for the client. */
    public DynamicOptions withPermissions(Set<Permission> granted) {
        return new DynamicOptions(isServer, session, roles, granted, owns, instance, via, limits);
    }

    /** The same, knowing which tracks belong to the client. Called on the thread that drives the channel. */
    public DynamicOptions withOwner(Predicate<String> ownsTrack) {
        return new DynamicOptions(isServer, session, roles, permissions, ownsTrack, instance, via, limits);
    }

    /** The same, as an instance that takes part in pipes. */
    public DynamicOptions withInstance(String id, List<String> passed) {
        return new DynamicOptions(isServer, session, roles, permissions, owns, id, passed, limits);
    }

    /** The same, with other bounds. */
    public DynamicOptions withLimits(DynamicLimits bounds) {
        return new DynamicOptions(isServer, session, roles, permissions, owns, instance, via, bounds);
    }
}
