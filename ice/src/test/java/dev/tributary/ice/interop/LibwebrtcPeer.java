// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCIceServer;
import dev.onvoid.webrtc.RTCIceTransportPolicy;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ICE agent of libwebrtc, a program that talks in the lines of this package. It is the offerer of a data channel, hence
 * controlling. There is no DTLS on our side, so all the media there is are its greetings, and nothing is echoed.
 */
final class LibwebrtcPeer implements PeerConnectionObserver {
    private static final String ANSWER = """
            v=0
            o=- 1 1 IN IP4 0.0.0.0
            s=-
            t=0 0
            a=group:BUNDLE 0
            %s
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=mid:0
            a=sctp-port:5000
            a=setup:passive
            a=fingerprint:sha-256 %s
            a=ice-ufrag:%s
            a=ice-pwd:%s
            """;

    private final PrintStream out;
    private final CompletableFuture<Void> gathered = new CompletableFuture<>();

    private LibwebrtcPeer(PrintStream out) {
        this.out = out;
    }

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        new LibwebrtcPeer(System.out).run(List.of(arguments));
        Runtime.getRuntime().halt(0);
    }

    private void run(List<String> options) throws IOException {
        PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        RTCPeerConnection connection = factory.createPeerConnection(configuration(options), this);
        connection.createDataChannel("data", new RTCDataChannelInit());
        CompletableFuture<RTCSessionDescription> offer = new CompletableFuture<>();
        connection.createOffer(new RTCOfferOptions(), new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                offer.complete(description);
            }

            @Override
            public void onFailure(String error) {
                out.println("FAILED " + error);
            }
        });
        connection.setLocalDescription(offer.join(), told("local description"));
        gathered.join();
        String sdp = connection.getLocalDescription().sdp;
        out.println("LOCAL " + find(sdp, "a=ice-ufrag:(\\S+)") + " " + find(sdp, "a=ice-pwd:(\\S+)"));
        sdp.lines()
                .filter(line -> line.startsWith("a=candidate:"))
                .forEach(line -> out.println("CANDIDATE " + line.substring("a=candidate:".length())));
        out.println("GATHERED");
        listen(connection);
    }

    private static RTCConfiguration configuration(List<String> options) {
        RTCConfiguration configuration = new RTCConfiguration();
        RTCIceServer server = new RTCIceServer();
        for (String option : options) {
            String value = option.substring(option.indexOf('=') + 1);
            if (option.equals("relay")) {
                configuration.iceTransportPolicy = RTCIceTransportPolicy.RELAY;
            } else if (option.startsWith("server=")) {
                server.urls.add(value);
                configuration.iceServers.add(server);
            } else if (option.startsWith("user=")) {
                server.username = value;
            } else if (option.startsWith("password=")) {
                server.password = value;
            }
        }
        return configuration;
    }

    private void listen(RTCPeerConnection connection) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<String> remote = new ArrayList<>();
        List<String> candidates = new ArrayList<>();
        String lite = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("REMOTE ")) {
                remote = List.of(line.substring("REMOTE ".length()).split(" "));
            } else if (line.equals("LITE")) {
                lite = "a=ice-lite";
            } else if (line.startsWith("CANDIDATE ")) {
                candidates.add("a=candidate:" + line.substring("CANDIDATE ".length()));
            } else if (line.equals("GO")) {
                String nobody = "AB" + ":CD".repeat(31);
                String sdp = ANSWER.formatted(lite, nobody, remote.get(0), remote.get(1))
                                .replace("\n\n", "\n")
                        + String.join("\n", candidates) + "\n";
                connection.setRemoteDescription(
                        new RTCSessionDescription(RTCSdpType.ANSWER, sdp.replace("\n", "\r\n")),
                        told("remote description"));
            }
        }
    }

    private SetSessionDescriptionObserver told(String what) {
        return new SetSessionDescriptionObserver() {
            @Override
            public void onSuccess() {
                out.println("TOOK " + what);
            }

            @Override
            public void onFailure(String error) {
                out.println("FAILED " + what + ": " + error);
            }
        };
    }

    private static String find(String sdp, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(sdp);
        if (!matcher.find()) {
            throw new IllegalStateException("No " + pattern + " in " + sdp);
        }
        return matcher.group(1);
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        // All of them are in the description once they are gathered.
    }

    @Override
    public void onIceGatheringChange(RTCIceGatheringState state) {
        if (state == RTCIceGatheringState.COMPLETE) {
            gathered.complete(null);
        }
    }
}
