/** Rooms: tracks, members, sessions in both directions, policy. Start at {@code Room}. */
package dev.tributary.sfu.internal.room;
