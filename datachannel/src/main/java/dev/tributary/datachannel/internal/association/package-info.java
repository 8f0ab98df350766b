/**
 * Where both directions meet: the handshake, the timers, the packets in and out.
 *
 * <pre>
 * packet -&gt; PacketReceiver -&gt; PacketAcceptance: ports, checksum, tag
 *                |  by chunk
 *                +-&gt; Handshake, ShutdownProcedure, ResetProcedure, Heartbeats     one class for each procedure of the RFCs
 *                +-&gt; DataReceiver -&gt; rx -&gt; events                                 ReceiveWindow: what is kept of them
 *                +-&gt; SACK         -&gt; tx
 * send   -&gt; Outbox, SendRoom -&gt; tx -&gt; PacketAssembler -&gt; packet                   ControlQueue: everything but data
 * </pre>
 *
 * <p>Read {@code Association} first: its state, what the application asks, the timers. What exists only once the peer is
 * known is in {@code Session}.
 */
package dev.tributary.datachannel.internal.association;
