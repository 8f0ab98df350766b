// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.http;

import dev.tributary.sdp.SdpFragment;

/**
 * The credentials of the client's current ICE session, by which a fragment is told to belong to it.
 *
 * @param ufrag the user name fragment
 * @param password the password
 */
record IceIdentity(String ufrag, String password) {
    /** Whether a fragment names these credentials. */
    boolean isNamedBy(SdpFragment fragment) {
        return ufrag.equals(fragment.ufrag()) && password.equals(fragment.password());
    }

    @Override
    public String toString() {
        return "IceIdentity[" + ufrag + "]";
    }
}
