/** What every part of a running instance may need of the others, handed around as one record. */
package dev.tributary.activitypub.internal.federation;
