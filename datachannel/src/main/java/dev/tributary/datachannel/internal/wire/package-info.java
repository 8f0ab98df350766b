/**
 * SCTP and DCEP on the wire, one element per file. A {@code decode} returns {@code null} when the bytes make no sense and
 * never throws; what a {@code write} wrote, {@code decode} reads back.
 */
package dev.tributary.datachannel.internal.wire;
