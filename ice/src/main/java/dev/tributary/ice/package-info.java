/** STUN (RFC 8489) and ICE (RFC 8445), sans-IO. */
package dev.tributary.ice;
