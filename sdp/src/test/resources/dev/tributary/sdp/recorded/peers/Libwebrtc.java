// SPDX-License-Identifier: Apache-2.0
// A peer for RecordPeers on libwebrtc: java -cp webrtc-java-0.14.0.jar:webrtc-java-0.14.0-linux-x86_64.jar Libwebrtc.java
import dev.onvoid.webrtc.*;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.audio.*;
import dev.onvoid.webrtc.media.video.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;

class Libwebrtc {
    static final PeerConnectionFactory FACTORY = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    static int names;

    final CountDownLatch gathered = new CountDownLatch(1);
    final RTCPeerConnection pc = FACTORY.createPeerConnection(new RTCConfiguration(), new PeerConnectionObserver() {
        @Override
        public void onIceCandidate(RTCIceCandidate candidate) {}

        @Override
        public void onIceGatheringChange(RTCIceGatheringState state) {
            if (state == RTCIceGatheringState.COMPLETE) {
                gathered.countDown();
            }
        }
    });

    void add(String kind, String direction) {
        RTCRtpTransceiverInit init = new RTCRtpTransceiverInit();
        init.direction = RTCRtpTransceiverDirection.valueOf(direction);
        init.streamIds = List.of("stream");
        String name = kind + names++;
        MediaStreamTrack track = kind.equals("audio")
                ? FACTORY.createAudioTrack(name, FACTORY.createAudioSource(new AudioOptions()))
                : FACTORY.createVideoTrack(name, new CustomVideoSource());
        pc.addTransceiver(track, init);
    }

    String offer() throws Exception {
        CompletableFuture<RTCSessionDescription> made = new CompletableFuture<>();
        pc.createOffer(new RTCOfferOptions(), completing(made));
        set(true, made.get());
        gathered.await(5, TimeUnit.SECONDS);
        return pc.getLocalDescription().sdp;
    }

    String answer(String offer) throws Exception {
        set(false, new RTCSessionDescription(RTCSdpType.OFFER, offer));
        CompletableFuture<RTCSessionDescription> made = new CompletableFuture<>();
        pc.createAnswer(new RTCAnswerOptions(), completing(made));
        set(true, made.get());
        gathered.await(5, TimeUnit.SECONDS);
        return pc.getLocalDescription().sdp;
    }

    void set(boolean local, RTCSessionDescription description) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        SetSessionDescriptionObserver observer = new SetSessionDescriptionObserver() {
            @Override
            public void onSuccess() {
                done.complete(null);
            }

            @Override
            public void onFailure(String error) {
                done.completeExceptionally(new IllegalStateException(error));
            }
        };
        if (local) {
            pc.setLocalDescription(description, observer);
        } else {
            pc.setRemoteDescription(description, observer);
        }
        done.get();
    }

    static CreateSessionDescriptionObserver completing(CompletableFuture<RTCSessionDescription> made) {
        return new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                made.complete(description);
            }

            @Override
            public void onFailure(String error) {
                made.completeExceptionally(new IllegalStateException(error));
            }
        };
    }

    public static void main(String[] args) throws Exception {
        Libwebrtc peer = null;
        Scanner in = new Scanner(System.in);
        while (in.hasNextLine()) {
            String[] words = in.nextLine().split(" ");
            String text = words.length > 1 ? words[words.length - 1] : "";
            String sdp = null;
            try {
                switch (words[0]) {
                    case "fresh" -> peer = new Libwebrtc();
                    case "add" -> peer.add(words[1], Map.of("send", "SEND_ONLY", "receive", "RECV_ONLY", "both", "SEND_RECV").get(words[2]));
                    case "channel" -> peer.pc.createDataChannel("dynamic-control", new RTCDataChannelInit());
                    case "inactive" -> peer.pc.getTransceivers()[Integer.parseInt(text)].setDirection(
                            RTCRtpTransceiverDirection.INACTIVE);
                    case "stop" -> peer.pc.getTransceivers()[Integer.parseInt(text)].stop();
                    case "offer" -> sdp = peer.offer();
                    case "rollback" -> peer.set(true, new RTCSessionDescription(RTCSdpType.ROLLBACK, ""));
                    case "answer" -> sdp = peer.answer(decoded(text));
                    case "accept" -> peer.set(false, new RTCSessionDescription(RTCSdpType.ANSWER, decoded(text)));
                    default -> throw new IllegalArgumentException("unknown: " + words[0]);
                }
                System.out.println(sdp == null ? "OK" : "SDP " + encoded(sdp));
            } catch (Exception failure) {
                System.out.println("ERROR " + failure);
            }
        }
        System.exit(0);
    }

    static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
