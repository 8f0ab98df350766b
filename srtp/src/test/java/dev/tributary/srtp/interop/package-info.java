// SPDX-License-Identifier: Apache-2.0
/** Other people's DTLS and SRTP on the wire. */
package dev.tributary.srtp.interop;
