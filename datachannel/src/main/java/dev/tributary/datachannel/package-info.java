/** SCTP (RFC 9260) and data channels (RFC 8831, 8832) as one pure state machine. */
package dev.tributary.datachannel;
