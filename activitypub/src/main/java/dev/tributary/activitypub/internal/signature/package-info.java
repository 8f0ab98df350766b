/**
 * HTTP signatures without I/O: {@link dev.tributary.activitypub.internal.signature.CavageSignature} and
 * {@link dev.tributary.activitypub.internal.signature.MessageSignature} turn a request into the bytes that are signed;
 * the public signer and verifier put them together with keys and clocks.
 */
package dev.tributary.activitypub.internal.signature;
