/**
 * Where both directions meet: the handshake, the timers, the packets in and out. Read {@code Association} first; the
 * procedures of the RFCs stand beside it, one class each.
 */
package dev.tributary.datachannel.internal.association;
