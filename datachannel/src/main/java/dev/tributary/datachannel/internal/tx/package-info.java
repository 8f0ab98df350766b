/**
 * What an association sends: messages wait in streams ({@code SendQueue}), are cut into fragments, and stay in the
 * {@code RetransmissionQueue} until the peer has acknowledged them or they are given up. Knows nothing of the other
 * direction.
 */
package dev.tributary.datachannel.internal.tx;
