/** DTLS-SRTP (RFC 5764), SRTP and SRTCP (RFC 3711, 7714). */
package dev.tributary.srtp;
