// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
    /** The rules of RFC 5952 §4, one by one. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8:0:0:0:0:0:0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::ABCD, 2001:db8::abcd",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "192.0.2.1, 192.0.2.1"
    })
    void writesTheCanonicalForm(String any, String canonical) throws UnknownHostException {
        assertThat(AddressText.of(InetAddress.getByName(any))).isEqualTo(canonical);
    }

    @Property(tries = 500)
    void isReadAsTheSameAddress(@ForAll @Size(16) byte[] bytes, @ForAll short zeros) throws UnknownHostException {
        for (int i = 0; i < 16; i++) {
            bytes[i] = (zeros >> i & 1) == 0 ? 0 : bytes[i];
        }
        InetAddress address = InetAddress.getByAddress(bytes);

        assertThat(InetAddress.getByName(AddressText.of(address))).isEqualTo(address);
    }
}
