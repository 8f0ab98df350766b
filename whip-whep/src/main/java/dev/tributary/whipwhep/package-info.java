/** WHIP (RFC 9725), WHEP and the dynamic extension: server, client, browser client. */
package dev.tributary.whipwhep;
