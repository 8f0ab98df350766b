// SPDX-License-Identifier: Apache-2.0
/** As much of RTP as SRTP reads. */
package dev.tributary.srtp.internal.wire;
