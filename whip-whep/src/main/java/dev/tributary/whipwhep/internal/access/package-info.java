/** Reading of signed tokens: {@code SignedClaims} checks a token with the {@code TokenKey}s that may have made it. */
package dev.tributary.whipwhep.internal.access;
