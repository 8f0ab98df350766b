/**
 * The HTTP edge: one small handler interface ({@link dev.tributary.core.http.HttpHandler}) that {@code whip-whep} and
 * {@code activitypub} implement, and the servers and the guarded client that carry it. Handlers know no server.
 */
package dev.tributary.core.http;
