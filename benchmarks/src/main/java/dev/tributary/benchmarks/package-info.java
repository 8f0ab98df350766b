// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of the hot paths. They run on the class path, because some of them measure what modules keep inside. */
@org.jspecify.annotations.NullMarked
package dev.tributary.benchmarks;
