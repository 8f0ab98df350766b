// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import org.jspecify.annotations.Nullable;

/**
 * What an H.264 {@code profile-level-id} says: three bytes, of which profile_idc and profile-iop together name the profile
 * (RFC 6184 §8.1, table 5). Several spellings mean the same profile, so the text must never be compared.
 */
public enum H264Profile {
    /** Constrained Baseline: what every WebRTC peer must support. */
    CONSTRAINED_BASELINE,
    /** Baseline. */
    BASELINE,
    /** Main. */
    MAIN,
    /** Extended. */
    EXTENDED,
    /** Constrained High. */
    CONSTRAINED_HIGH,
    /** High. */
    HIGH,
    /** High 10. */
    HIGH_10,
    /** High 4:2:2. */
    HIGH_422,
    /** High 4:4:4 Predictive. */
    HIGH_444_PREDICTIVE,
    /** High 10 Intra. */
    HIGH_10_INTRA,
    /** High 4:2:2 Intra. */
    HIGH_422_INTRA,
    /** High 4:4:4 Intra. */
    HIGH_444_INTRA,
    /** CAVLC 4:4:4 Intra. */
    CAVLC_444_INTRA;

    /** RFC 6184 §8.1: without a profile-level-id, Baseline at level 1 is meant. */
    static final String DEFAULT_ID = "42000a";

    /** The profile of an id, or null when the id is malformed or names no known profile. */
    public static @Nullable H264Profile of(@Nullable String profileLevelId) {
        String id = profileLevelId == null ? DEFAULT_ID : profileLevelId;
        int number = hex(id);
        if (number < 0) {
            return null;
        }
        int idc = number >> 16;
        int iop = number >> 8 & 0xff;
        return switch (idc) {
            case 0x42 -> fits(iop, 0x4f, 0x40) ? CONSTRAINED_BASELINE : fits(iop, 0x4f, 0x00) ? BASELINE : null;
            case 0x4d -> fits(iop, 0x8f, 0x80) ? CONSTRAINED_BASELINE : fits(iop, 0xaf, 0x00) ? MAIN : null;
            case 0x58 -> extended(iop);
            case 0x64 -> iop == 0x00 ? HIGH : iop == 0x0c ? CONSTRAINED_HIGH : null;
            case 0x6e -> iop == 0x00 ? HIGH_10 : iop == 0x10 ? HIGH_10_INTRA : null;
            case 0x7a -> iop == 0x00 ? HIGH_422 : iop == 0x10 ? HIGH_422_INTRA : null;
            case 0xf4 -> iop == 0x00 ? HIGH_444_PREDICTIVE : iop == 0x10 ? HIGH_444_INTRA : null;
            case 0x2c -> iop == 0x10 ? CAVLC_444_INTRA : null;
            default -> null;
        };
    }

    private static @Nullable H264Profile extended(int iop) {
        if (fits(iop, 0xcf, 0xc0)) {
            return CONSTRAINED_BASELINE;
        }
        return fits(iop, 0xcf, 0x80) ? BASELINE : fits(iop, 0xcf, 0x00) ? EXTENDED : null;
    }

    private static boolean fits(int iop, int mask, int bits) {
        return (iop & mask) == bits;
    }

    /**
     * The level of an id times ten: 31 is level 3.1. Level 1b, between 1 and 1.1, reads as 10.
     *
     * @return -1 when the id is malformed
     */
    public static int levelTimesTen(@Nullable String profileLevelId) {
        int number = hex(profileLevelId == null ? DEFAULT_ID : profileLevelId);
        if (number < 0) {
            return -1;
        }
        int level = number & 0xff;
        int idc = number >> 16;
        // Of the profiles above Extended, constraint_set3 makes the Intra ones, and says nothing of the level.
        boolean hasSet3 = (idc == 0x42 || idc == 0x4d || idc == 0x58) && (number >> 8 & 0x10) != 0;
        boolean isLevel1b = level == 9 || (level == 11 && hasSet3);
        return isLevel1b ? 10 : level;
    }

    private static int hex(String id) {
        if (id.length() != 6) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < 6; i++) {
            char c = id.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number << 4 | digit;
        }
        return number;
    }
}
