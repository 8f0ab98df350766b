// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

/**
 * How a request is signed.
 *
 * @since 0.1
 */
public enum SignatureScheme {
    /** draft-cavage-http-signatures-12 with {@code rsa-sha256}: what every Fediverse server understands. */
    CAVAGE,
    /** RFC 9421 HTTP Message Signatures with {@code rsa-v1_5-sha256} and RFC 9530 digests. */
    RFC9421
}
