/**
 * What an association sends. Messages wait in streams ({@code SendQueue}), whole or while they are written ({@code
 * OutgoingMessage}, {@code PieceBuffer}); {@code Turns} says whose fragment is cut next. What has a TSN is {@code
 * Outstanding} until the peer has acknowledged it ({@code Acknowledgement} of one SACK) or it is given up ({@code
 * Abandonment}). {@code RetransmissionQueue} is the whole of it towards the association, with {@code CongestionControl} and
 * {@code RetransmissionTimeout}; {@code Recycling} keeps what can be used again. Knows nothing of the other direction.
 */
package dev.tributary.datachannel.internal.tx;
