/**
 * What a host or a media engine implements for WHIP and WHEP: {@link dev.tributary.whipwhep.spi.Access} says who may do
 * what, {@link dev.tributary.whipwhep.spi.MediaEngine} turns an offer into a
 * {@link dev.tributary.whipwhep.spi.MediaSession}. Read those three in that order.
 *
 * <p>Every method may be called from any thread, and must not block it.
 */
package dev.tributary.whipwhep.spi;
