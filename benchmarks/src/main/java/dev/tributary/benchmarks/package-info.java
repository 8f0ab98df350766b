/** Benchmarks of the hot paths. */
package dev.tributary.benchmarks;
