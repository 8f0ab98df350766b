// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

/** The two ways in which Shig's client has talked. */
public enum Dialect {
    /** Of February 2024: paths under {@code /space}, message types as numbers, a description object in an offer. */
    Y2024,
    /** Of version 1.0: paths under {@code /channel}, message types as texts, JSON replies in an envelope. */
    V1
}
