// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import static dev.tributary.sdp.H264Profile.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Table 5 of RFC 6184, for each of the 65536 pairs of profile_idc and profile-iop. */
final class H264ProfileTest {
    /** As the RFC writes it: profile_idc, then the bits of profile-iop, of which an x does not count. */
    private static final Map<String, H264Profile> TABLE = new LinkedHashMap<>();

    static {
        TABLE.put("42 x1xx0000", CONSTRAINED_BASELINE);
        TABLE.put("4D 1xxx0000", CONSTRAINED_BASELINE);
        TABLE.put("58 11xx0000", CONSTRAINED_BASELINE);
        TABLE.put("42 x0xx0000", BASELINE);
        TABLE.put("58 10xx0000", BASELINE);
        TABLE.put("4D 0x0x0000", MAIN);
        TABLE.put("58 00xx0000", EXTENDED);
        TABLE.put("64 00000000", HIGH);
        TABLE.put("6E 00000000", HIGH_10);
        TABLE.put("7A 00000000", HIGH_422);
        TABLE.put("F4 00000000", HIGH_444_PREDICTIVE);
        TABLE.put("6E 00010000", HIGH_10_INTRA);
        TABLE.put("7A 00010000", HIGH_422_INTRA);
        TABLE.put("F4 00010000", HIGH_444_INTRA);
        TABLE.put("2C 00010000", CAVLC_444_INTRA);
        // Not in the RFC, which is older than this profile (H.264 of 2012); browsers offer it.
        TABLE.put("64 00001100", CONSTRAINED_HIGH);
    }

    private static H264Profile byTable(int idc, int iop) {
        String bits = String.format("%8s", Integer.toBinaryString(iop)).replace(' ', '0');
        for (Map.Entry<String, H264Profile> row : TABLE.entrySet()) {
            boolean fits = row.getKey().startsWith(String.format(Locale.ROOT, "%02X ", idc));
            for (int i = 0; i < 8 && fits; i++) {
                char wanted = row.getKey().charAt(3 + i);
                fits = wanted == 'x' || wanted == bits.charAt(i);
            }
            if (fits) {
                return row.getValue();
            }
        }
        return null;
    }

    @Test
    void knowsTheProfileOfEveryPairAsTheTableSays() {
        List<String> wrong = new ArrayList<>();
        for (int idc = 0; idc < 256; idc++) {
            for (int iop = 0; iop < 256; iop++) {
                String id = String.format(Locale.ROOT, "%02x%02x1f", idc, iop);
                H264Profile expected = byTable(idc, iop);
                if (H264Profile.of(id) != expected || H264Profile.of(id.toUpperCase(Locale.ROOT)) != expected) {
                    wrong.add(id);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(TABLE.values()).contains(H264Profile.values());
    }

    @Test
    void takesTwoIdsForCompatibleExactlyWhenTheTableNamesOneProfile() {
        int[] known = {0x42, 0x4d, 0x58, 0x64, 0x6e, 0x7a, 0xf4, 0x2c};
        List<String> wrong = new ArrayList<>();
        for (int idc : known) {
            for (int iop = 0; iop < 256; iop += 4) {
                for (int otherIdc : known) {
                    for (int otherIop = 0; otherIop < 256; otherIop += 16) {
                        H264Profile one = byTable(idc, iop);
                        boolean same = one != null && one == byTable(otherIdc, otherIop);
                        boolean spelledTheSame = idc == otherIdc && iop == otherIop;
                        if (codec(idc, iop, 0x0a).matches(codec(otherIdc, otherIop, 0x2a)) != same
                                || codec(idc, iop, 0x1f).matches(codec(otherIdc, otherIop, 0x1f))
                                        != (same || spelledTheSame)) {
                            wrong.add(String.format("%02x%02x and %02x%02x", idc, iop, otherIdc, otherIop));
                        }
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Codec codec(int idc, int iop, int level) {
        return Codec.video("H264", String.format(Locale.ROOT, "profile-level-id=%02x%02x%02x", idc, iop, level));
    }

    @ParameterizedTest
    @CsvSource({"42e01", "42e01f0", "42e01g", "''", "\u0664\u0662e01f"})
    void knowsNoProfileOfAMalformedId(String id) {
        assertThat(H264Profile.of(id)).isNull();
        assertThat(H264Profile.levelTimesTen(id)).isEqualTo(-1);
    }

    /** RFC 6184 §8.1: level 1b is 11 with constraint_set3 in the older profiles, 9 in the others. */
    @ParameterizedTest
    @CsvSource({
        "42e01f, 31",
        "42f00b, 10",
        "4d100b, 10",
        "58100b, 10",
        "42e00b, 11",
        "640009, 10",
        "6e100b, 11",
        "42e034, 52",
        ", 10"
    })
    void readsTheLevel(String id, int level) {
        assertThat(H264Profile.levelTimesTen(id)).isEqualTo(level);
    }
}
