/** What is served: actors, collections, objects, WebFinger and NodeInfo, and the way in for activities. */
package dev.tributary.activitypub.internal.server;
