// SPDX-License-Identifier: Apache-2.0
/**
 * The same operation done by several libraries, in one run: contenders take turns, there and back again, so that what else
 * the machine does hits all of them alike. What is published are ratios with their spread.
 */
@NullMarked
package dev.tributary.benchmarks.sidebyside;

import org.jspecify.annotations.NullMarked;
