// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.IceEvent;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.internal.wire.StunMessage;

/** Who controls, and what becomes of a conflict about it (RFC 8445 §6.1.1, §7.3.1.1, §7.2.5.1). */
final class Roles {
    private final FullAgent agent;
    private IceRole role;
    private long tieBreaker;
    private boolean remoteLite;

    Roles(FullAgent agent, IceRole role) {
        this.agent = agent;
        this.role = role;
        this.tieBreaker = agent.random.nextLong();
    }

    IceRole role() {
        return role;
    }

    long tieBreaker() {
        return tieBreaker;
    }

    /** RFC 8445 §7.3.1.1: whether a check may be answered, perhaps in the other role; otherwise the answer is 487. */
    boolean admits(StunMessage check) {
        boolean conflict = role == IceRole.CONTROLLING ? check.isControlling() : check.isControlled();
        if (!conflict) {
            return true; // also when a simple encoder leaves the attribute out
        }
        boolean keepsRole = Long.compareUnsigned(tieBreaker, check.tieBreaker()) >= 0
                ? role == IceRole.CONTROLLING
                : role == IceRole.CONTROLLED;
        if (keepsRole || remoteLite) {
            return false;
        }
        agent.counters.roleConflicts++;
        change();
        return true;
    }

    /** RFC 8445 §7.2.5.1: a check of ours was answered with 487. False when the role stays whatever the peer says. */
    boolean yields(Transaction refused) {
        if (remoteLite) {
            return false;
        }
        agent.counters.roleConflicts++;
        if (refused.role == role) {
            change();
            tieBreaker = agent.random.nextLong();
        }
        return true;
    }

    /** RFC 8445 §6.1.1: in front of a lite peer we control. */
    void faceLite() {
        remoteLite = true;
        if (role == IceRole.CONTROLLED) {
            change();
        }
    }

    /** Takes the role that offer and answer give, unless the peer is lite. */
    void take(IceRole given) {
        if (!remoteLite && role != given) {
            change();
        }
    }

    private void change() {
        role = role.opposite();
        for (CandidatePair pair : agent.current().pairs) {
            pair.nominated = false;
        }
        agent.emit(new IceEvent.RoleChanged(role));
    }
}
