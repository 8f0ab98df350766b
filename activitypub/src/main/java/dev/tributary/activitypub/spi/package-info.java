/** What a host implements for the module: {@link dev.tributary.activitypub.spi.Store}, if none of ours fits. */
package dev.tributary.activitypub.spi;
