// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

/** Who decides which pair is used (RFC 8445 §6.1.1). */
public enum IceRole {
    /** Nominates: the offerer, or whoever faces an ICE-lite agent. */
    CONTROLLING,
    /** Follows the nomination. An ICE-lite agent is always this. */
    CONTROLLED;

    /** The role of the other side. */
    public IceRole opposite() {
        return this == CONTROLLING ? CONTROLLED : CONTROLLING;
    }
}
