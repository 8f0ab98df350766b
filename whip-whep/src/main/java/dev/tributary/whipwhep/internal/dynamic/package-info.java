/**
 * The machinery of the dynamic extension. {@code Json} reads and writes messages within limits, {@code TrackCodec} the
 * tracks in them; {@code ControlChannel} is the half that both ends share (greeting, liveness, rates, the outbound queue),
 * on which {@code DynamicSender} and {@code DynamicReceiver} of the public package stand.
 */
package dev.tributary.whipwhep.internal.dynamic;
