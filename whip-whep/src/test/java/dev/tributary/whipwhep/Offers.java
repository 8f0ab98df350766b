// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

/** Offers for tests, as small as they may be. */
final class Offers {
    private static final String SESSION = """
            v=0
            o=- 4611731400430051336 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1%s
            """;
    private static final String TRANSPORT = """
            c=IN IP4 0.0.0.0
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789abcdef0123456789
            a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF
            a=setup:actpass
            """;

    private Offers() {}

    static String whip() {
        return offer("sendonly", false);
    }

    static String whep() {
        return offer("recvonly", false);
    }

    static String dynamicWhep() {
        return offer("recvonly", true);
    }

    static String offer(String direction, boolean withDataChannel) {
        String sdp = SESSION.formatted(withDataChannel ? " 2" : "")
                + "m=audio 9 UDP/TLS/RTP/SAVPF 111\n" + TRANSPORT + "a=mid:0\na=rtcp-mux\na=rtpmap:111 opus/48000/2\na="
                + direction + "\n"
                + "m=video 9 UDP/TLS/RTP/SAVPF 96\n" + TRANSPORT + "a=mid:1\na=rtcp-mux\na=rtpmap:96 VP8/90000\na="
                + direction + "\n"
                + (withDataChannel
                        ? "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n" + TRANSPORT
                                + "a=mid:2\na=sctp-port:5000\n"
                        : "");
        return sdp.replace("\n", "\r\n");
    }
}
