/** The parts of a running instance, put together once and handed to whoever needs several of them. */
package dev.tributary.activitypub.internal.federation;
