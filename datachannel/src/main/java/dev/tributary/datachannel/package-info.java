/**
 * Data channels (RFC 8831, RFC 8832) over SCTP (RFC 9260) as pure state machines.
 *
 * <p>Read {@link dev.tributary.datachannel.DataChannels} first: labelled channels over one DTLS transport. Beneath it is
 * {@link dev.tributary.datachannel.SctpAssociation}: streams of messages, usable with any transport that carries packets.
 * Both follow the drive contract <em>mutate, then drain</em>: after each call poll the packets, then the events, then read
 * the next timeout. Neither touches a socket, a thread or a clock, and no packet of a peer makes them throw.
 *
 * <p>Under {@code internal}: {@code wire} reads and writes chunks, {@code tx} and {@code rx} are the two directions and
 * do not know each other, {@code association} joins them.
 */
package dev.tributary.datachannel;
