/** JSON as plain Java values, strict and bounded. The only place that knows which JSON library does it. */
package dev.tributary.activitypub.internal.json;
