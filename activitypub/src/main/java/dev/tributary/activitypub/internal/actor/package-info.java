/** This instance's own actors: their keys, their URLs and the documents that describe them. */
package dev.tributary.activitypub.internal.actor;
