// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

/**
 * What one room may hold.
 *
 * @param membersMax sessions, pipes included
 * @param tracksMax tracks; each dynamic viewer has an m-line for each
 */
record RoomLimits(int membersMax, int tracksMax) {
    static final RoomLimits DEFAULT = new RoomLimits(2000, 64);
}
