// SPDX-License-Identifier: Apache-2.0
/**
 * Our agents against those of others on real sockets, in network namespaces. Each foreign agent is a small program of ours
 * over a foreign library ({@link dev.tributary.ice.interop.ForeignAgent}). It gathers, then says
 *
 * <pre>
 * LOCAL ufrag pwd
 * CANDIDATE …          one line each, as in SDP
 * GATHERED
 * </pre>
 *
 * and is told {@code REMOTE ufrag pwd}, {@code LITE} perhaps, {@code CANDIDATE …}, {@code GO}. It says {@code CONNECTED},
 * sends a datagram every 20 ms, and says {@code ECHOED n} after every 25 that have come back.
 */
@NullMarked
package dev.tributary.ice.interop;

import org.jspecify.annotations.NullMarked;
