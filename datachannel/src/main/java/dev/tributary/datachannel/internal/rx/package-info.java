/**
 * What an association receives: which TSNs have arrived and what the next SACK says ({@code DataTracker}), fragments on
 * their way to whole messages ({@code Reassembly}, with their bytes in blocks of a {@code BlockPool}), messages on their way
 * to their order ({@code OrderedStreams}). Knows nothing of the other direction.
 */
package dev.tributary.datachannel.internal.rx;
