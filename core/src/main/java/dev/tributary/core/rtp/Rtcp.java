// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.rtp;

/** The numbers of the RTCP registries that we speak (RFC 3550 section 12.1, RFC 4585, RFC 5104, RFC 3611). */
public final class Rtcp {
    /** Sender report. */
    public static final int SENDER_REPORT = 200;
    /** Receiver report. */
    public static final int RECEIVER_REPORT = 201;
    /** Source description. */
    public static final int SOURCE_DESCRIPTION = 202;
    /** Goodbye. */
    public static final int BYE = 203;
    /** Transport layer feedback. */
    public static final int TRANSPORT_FEEDBACK = 205;
    /** Payload-specific feedback. */
    public static final int PAYLOAD_FEEDBACK = 206;
    /** Extended report. */
    public static final int EXTENDED_REPORT = 207;

    /** Format of generic NACK within transport feedback (RFC 4585 section 6.2.1). */
    public static final int FORMAT_NACK = 1;
    /** Format of transport-wide congestion control feedback within transport feedback. */
    public static final int FORMAT_TRANSPORT_CC = 15;
    /** Format of picture loss indication within payload feedback (RFC 4585 section 6.3.1). */
    public static final int FORMAT_PLI = 1;
    /** Format of full intra request within payload feedback (RFC 5104 section 4.3.1). */
    public static final int FORMAT_FIR = 4;
    /** Format of application layer feedback within payload feedback; REMB is one. */
    public static final int FORMAT_APPLICATION = 15;

    /** "REMB" (draft-alvestrand-rmcat-remb section 2.2). */
    static final int REMB_IDENTIFIER = 0x52454D42;

    /** Bytes of one report block (RFC 3550 section 6.4.1). */
    static final int REPORT_BLOCK_BYTES = 24;

    /** The five bits of a count. */
    static final int COUNT_MAX = 31;

    /** SDES item that carries the canonical name (RFC 3550 section 6.5.1). */
    static final int SDES_CNAME = 1;

    private Rtcp() {}
}
