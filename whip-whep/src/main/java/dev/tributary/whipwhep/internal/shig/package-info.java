/**
 * How Shig's client talks, and what of ours it becomes. {@code ShigRoute} reads paths, {@code ShigMessages} the messages on
 * the data channel, {@code ShigSdp} the annotations in descriptions; a {@code ShigMember} is one person, whose two
 * connections (one that sends, one that receives) are a WHIP and a WHEP session of the engine, each with the control
 * machine of a client that speaks the dynamic extension in its stead.
 */
package dev.tributary.whipwhep.internal.shig;
