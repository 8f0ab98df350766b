// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.RTCStatsReport;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.AudioOptions;
import dev.onvoid.webrtc.media.audio.AudioTrack;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A plain WHIP publisher or WHEP player on libwebrtc, in this process. */
final class LibwebrtcPeer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    private final CompletableFuture<Void> gathered = new CompletableFuture<>();
    private final RTCPeerConnection connection =
            factory.createPeerConnection(new RTCConfiguration(), new PeerConnectionObserver() {
                @Override
                public void onIceCandidate(RTCIceCandidate candidate) {}

                @Override
                public void onIceGatheringChange(RTCIceGatheringState state) {
                    if (state == RTCIceGatheringState.COMPLETE) {
                        gathered.complete(null);
                    }
                }
            });
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private URI session;

    static LibwebrtcPeer publish(URI whip) {
        LibwebrtcPeer peer = new LibwebrtcPeer();
        CustomVideoSource pictures = new CustomVideoSource();
        RTCRtpTransceiverInit sends = new RTCRtpTransceiverInit();
        sends.direction = RTCRtpTransceiverDirection.SEND_ONLY;
        sends.streamIds = List.of("libwebrtc");
        peer.connection.addTransceiver(peer.sound(), sends);
        peer.connection.addTransceiver(peer.factory.createVideoTrack("pictures", pictures), sends);
        peer.open(whip);
        peer.clock.scheduleAtFixedRate(() -> picture(pictures), 0, 50, TimeUnit.MILLISECONDS);
        return peer;
    }

    /** Sound comes from the device without hardware, on its own thread: libwebrtc ends the process when two threads bring some. */
    private AudioTrack sound() {
        return factory.createAudioTrack("sound", factory.createAudioSource(new AudioOptions()));
    }

    private static void picture(CustomVideoSource pictures) {
        NativeI420Buffer buffer = NativeI420Buffer.allocate(320, 240);
        VideoFrame frame = new VideoFrame(buffer, System.nanoTime());
        pictures.pushFrame(frame);
        frame.release();
    }

    static LibwebrtcPeer play(URI whep) {
        LibwebrtcPeer peer = new LibwebrtcPeer();
        RTCRtpTransceiverInit receives = new RTCRtpTransceiverInit();
        receives.direction = RTCRtpTransceiverDirection.RECV_ONLY;
        peer.connection.addTransceiver(peer.sound(), receives);
        peer.connection.addTransceiver(peer.factory.createVideoTrack("v", new CustomVideoSource()), receives);
        peer.open(whep);
        return peer;
    }

    private void open(URI endpoint) {
        CompletableFuture<RTCSessionDescription> made = new CompletableFuture<>();
        connection.createOffer(new RTCOfferOptions(), new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                made.complete(description);
            }

            @Override
            public void onFailure(String error) {
                made.completeExceptionally(new AssertionError(error));
            }
        });
        RTCSessionDescription offer = await(made);
        CompletableFuture<Void> local = new CompletableFuture<>();
        connection.setLocalDescription(offer, ending(local));
        await(local);
        await(gathered);
        HttpResponse<String> created = send(HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString(connection.getLocalDescription().sdp))
                .build());
        if (created.statusCode() != 201) {
            throw new AssertionError("The offer was answered " + created.statusCode() + ": " + created.body());
        }
        session = endpoint.resolve(created.headers().firstValue("Location").orElseThrow());
        CompletableFuture<Void> remote = new CompletableFuture<>();
        connection.setRemoteDescription(new RTCSessionDescription(RTCSdpType.ANSWER, created.body()), ending(remote));
        await(remote);
    }

    /** Packets received so far, of one kind. */
    long packetsReceived(String kind) {
        CompletableFuture<RTCStatsReport> report = new CompletableFuture<>();
        connection.getStats(report::complete);
        return await(report).getStats().values().stream()
                .map(stats -> stats.getAttributes())
                .filter(stats -> kind.equals(stats.get("kind")) && stats.containsKey("packetsReceived"))
                .filter(stats -> stats.containsKey("trackIdentifier"))
                .mapToLong(LibwebrtcPeer::packets)
                .sum();
    }

    private static long packets(Map<String, Object> stats) {
        return ((Number) stats.get("packetsReceived")).longValue();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static SetSessionDescriptionObserver ending(CompletableFuture<Void> done) {
        return new SetSessionDescriptionObserver() {
            @Override
            public void onSuccess() {
                done.complete(null);
            }

            @Override
            public void onFailure(String error) {
                done.completeExceptionally(new AssertionError(error));
            }
        };
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        if (session != null) {
            send(HttpRequest.newBuilder(session).DELETE().build());
        }
        connection.close();
    }
}
