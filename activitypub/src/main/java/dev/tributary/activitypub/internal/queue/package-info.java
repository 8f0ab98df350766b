/**
 * Working a queue of the store off: {@code WorkQueue} decides what is begun when, {@code Lanes} remembers which lanes have
 * something to do, so that nobody has to look through the whole queue.
 */
package dev.tributary.activitypub.internal.queue;
