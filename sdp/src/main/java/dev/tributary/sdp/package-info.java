/** Session descriptions (RFC 8866), offer/answer (RFC 3264, 9429) and the track annotation. */
package dev.tributary.sdp;
