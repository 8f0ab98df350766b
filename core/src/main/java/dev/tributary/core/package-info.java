/**
 * The contract that every protocol of Tributary follows ({@link dev.tributary.core.DatagramProtocol}): bytes and time go
 * in, bytes, events and the next deadline come out. Nothing in here touches a socket, a thread or a clock.
 *
 * <p>Read {@link dev.tributary.core.DatagramProtocol} first, then {@link dev.tributary.core.Transmit}.
 */
package dev.tributary.core;
