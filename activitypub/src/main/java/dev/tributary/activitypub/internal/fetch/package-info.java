/**
 * Everything that asks other servers: {@link dev.tributary.activitypub.internal.fetch.DocumentLoader} (signed GET of one
 * document), and on top of it actors, keys and WebFinger, each behind a bounded cache.
 */
package dev.tributary.activitypub.internal.fetch;
