/** What the WHIP and WHEP client needs besides HTTP: Link header fields as servers really write them. */
package dev.tributary.whipwhep.internal.client;
