// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.sidebyside;

/**
 * What one slice of measuring found.
 *
 * @param nanos time for one operation
 * @param bytes allocated for one operation; not a number where the contender does not tell
 */
public record Sample(double nanos, double bytes) {}
