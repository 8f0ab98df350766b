// SPDX-License-Identifier: Apache-2.0
/**
 * The load generator: publishers that replay a recorded clip and subscribers that count and measure what arrives, over real
 * ICE, DTLS and SRTP, against any WHIP and WHEP server. It also measures what it costs itself.
 */
@NullMarked
package dev.tributary.benchmarks.load;

import org.jspecify.annotations.NullMarked;
