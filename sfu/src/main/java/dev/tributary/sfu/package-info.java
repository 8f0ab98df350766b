/**
 * The forwarding engine. {@link dev.tributary.sfu.Sfu} is the whole of it on one UDP port, for {@code whip-whep} to open
 * sessions in; {@link dev.tributary.sfu.Peer} is one end of one session, for bots and tests.
 *
 * <pre>
 *   whip-whep ──open──▶ Sfu ──▶ Room (one loop) ──▶ publisher's Peer ──▶ packet ring
 *                                    │                                        │
 *                                    └──▶ viewers' Peers ◀── subscriptions ◀──┘
 * </pre>
 */
package dev.tributary.sfu;
