/** Peers, rooms, tracks, the forwarding engine and pipes between servers. */
package dev.tributary.sfu;
