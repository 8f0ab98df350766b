// SPDX-License-Identifier: Apache-2.0
/** Whole servers under the same load, taking turns: ours, a small SFU over Pion, and Janus. */
@NullMarked
package dev.tributary.benchmarks.servers;

import org.jspecify.annotations.NullMarked;
