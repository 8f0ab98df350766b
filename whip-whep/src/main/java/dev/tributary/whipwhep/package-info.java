/**
 * WHIP (RFC 9725), WHEP and the dynamic extension: server, client, browser client. Knows no media engine, only the
 * interfaces of {@code dev.tributary.whipwhep.spi}.
 *
 * <p>{@link dev.tributary.whipwhep.Track} is what the dynamic extension is about; the extension itself is published in
 * {@code docs/dynamic-whep.md}.
 */
package dev.tributary.whipwhep;
