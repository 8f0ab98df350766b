// SPDX-License-Identifier: Apache-2.0
/** Figures that must not get worse unseen: bytes per operation and ratios, never times, against those that are checked in. */
@NullMarked
package dev.tributary.benchmarks.gate;

import org.jspecify.annotations.NullMarked;
