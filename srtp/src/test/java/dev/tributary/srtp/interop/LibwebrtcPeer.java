// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsType;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.AudioOptions;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A peer of libwebrtc that sends sound and hears ours, a program of its own. It says "offer", is told "answer", both in
 * Base64, and then says five times a second what its DTLS and SRTP stand at.
 */
final class LibwebrtcPeer implements PeerConnectionObserver {
    private final PrintStream out;
    private final CompletableFuture<Void> gathered = new CompletableFuture<>();

    private LibwebrtcPeer(PrintStream out) {
        this.out = out;
    }

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws IOException {
        new LibwebrtcPeer(System.out).run();
        Runtime.getRuntime().halt(0);
    }

    private void run() throws IOException {
        PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        RTCPeerConnection connection = factory.createPeerConnection(new RTCConfiguration(), this);
        connection.addTrack(
                factory.createAudioTrack("sound", factory.createAudioSource(new AudioOptions())), List.of("stream"));
        CompletableFuture<RTCSessionDescription> offer = new CompletableFuture<>();
        connection.createOffer(new RTCOfferOptions(), new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                offer.complete(description);
            }

            @Override
            public void onFailure(String error) {
                out.println("failed " + error);
            }
        });
        connection.setLocalDescription(offer.join(), told());
        gathered.join();
        out.println("offer " + Base64.getEncoder().encodeToString(bytes(connection.getLocalDescription().sdp)));

        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String answer = new String(Base64.getDecoder().decode(in.readLine()), StandardCharsets.UTF_8);
        connection.setRemoteDescription(new RTCSessionDescription(RTCSdpType.ANSWER, answer), told());
        ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
        Future<?> unused = clock.scheduleAtFixedRate(
                () -> connection.getStats(report -> say(report.getStats())), 0, 200, TimeUnit.MILLISECONDS);
        while (in.readLine() != null) {
            // The end of the input is the only word that is left.
        }
    }

    private void say(Map<String, RTCStats> all) {
        Object state = null;
        Object cipher = null;
        Object role = null;
        Object received = null;
        for (RTCStats stats : all.values()) {
            if (stats.getType() == RTCStatsType.TRANSPORT) {
                state = stats.getAttributes().get("dtlsState");
                cipher = stats.getAttributes().get("srtpCipher");
                role = stats.getAttributes().get("dtlsRole");
            } else if (stats.getType() == RTCStatsType.INBOUND_RTP) {
                received = stats.getAttributes().get("packetsReceived");
            }
        }
        out.println("state " + state + " " + role + " " + cipher + " " + received);
    }

    private SetSessionDescriptionObserver told() {
        return new SetSessionDescriptionObserver() {
            @Override
            public void onSuccess() {
                out.println("set");
            }

            @Override
            public void onFailure(String error) {
                out.println("failed " + error);
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        // They stand in the description when all are gathered.
    }

    @Override
    public void onIceGatheringChange(RTCIceGatheringState state) {
        if (state == RTCIceGatheringState.COMPLETE) {
            gathered.complete(null);
        }
    }
}
