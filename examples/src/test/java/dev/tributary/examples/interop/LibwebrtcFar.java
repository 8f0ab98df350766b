// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.interop;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A session of libwebrtc, in this process. It echoes on a thread of its own: its callbacks must not wait for itself. */
final class LibwebrtcFar implements FarEnd {
    private static final int PATIENCE_SECONDS = 20;

    private final PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    private final ExecutorService work = Executors.newSingleThreadExecutor();
    private final CompletableFuture<Void> gathered = new CompletableFuture<>();
    private final Map<String, RTCDataChannel> channels = new ConcurrentHashMap<>();
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
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

                @Override
                public void onDataChannel(RTCDataChannel channel) {
                    if (channel.getLabel().equals("control")) {
                        listen(channel, message -> obey(text(message)));
                    } else {
                        echo(channel);
                    }
                }
            });

    private void echo(RTCDataChannel channel) {
        channels.put(channel.getLabel(), channel);
        listen(channel, message -> send(channel, message));
    }

    private void send(RTCDataChannel channel, RTCDataChannelBuffer message) {
        try {
            channel.send(message);
        } catch (Exception e) {
            said.add(channel.getLabel() + ": " + e);
        }
    }

    private void listen(RTCDataChannel channel, Consumer<RTCDataChannelBuffer> messages) {
        String label = channel.getLabel();
        channel.registerObserver(new RTCDataChannelObserver() {
            @Override
            public void onBufferedAmountChange(long before) {}

            @Override
            public void onStateChange() {
                if (channel.getState() == RTCDataChannelState.CLOSED) {
                    channels.remove(label);
                }
            }

            @Override
            public void onMessage(RTCDataChannelBuffer message) {
                ByteBuffer copy = ByteBuffer.allocate(message.data.remaining());
                copy.put(message.data).flip();
                RTCDataChannelBuffer kept = new RTCDataChannelBuffer(copy, message.binary);
                work.execute(() -> messages.accept(kept));
            }
        });
    }

    private static String text(RTCDataChannelBuffer message) {
        return StandardCharsets.UTF_8.decode(message.data).toString();
    }

    private void obey(String command) {
        String[] words = command.split(" ");
        if (words[0].equals("open")) {
            RTCDataChannelInit init = new RTCDataChannelInit();
            init.ordered = words[2].equals("1");
            init.maxRetransmits = Integer.parseInt(words[3]);
            init.maxPacketLifeTime = Integer.parseInt(words[4]);
            echo(connection.createDataChannel(words[1], init));
        } else if (words[0].equals("close")) {
            RTCDataChannel channel = channels.get(words[1]);
            if (channel != null) {
                channel.close();
            }
        }
    }

    @Override
    public String offer() {
        connection.createDataChannel("first", new RTCDataChannelInit());
        CompletableFuture<RTCSessionDescription> made = new CompletableFuture<>();
        connection.createOffer(new RTCOfferOptions(), completing(made));
        return describe(await(made));
    }

    @Override
    public void accept(String answer) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.setRemoteDescription(new RTCSessionDescription(RTCSdpType.ANSWER, answer), ending(done));
        await(done);
    }

    @Override
    public String answer(String offer) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.setRemoteDescription(new RTCSessionDescription(RTCSdpType.OFFER, offer), ending(done));
        await(done);
        CompletableFuture<RTCSessionDescription> made = new CompletableFuture<>();
        connection.createAnswer(new RTCAnswerOptions(), completing(made));
        return describe(await(made));
    }

    private String describe(RTCSessionDescription description) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.setLocalDescription(description, ending(done));
        await(done);
        await(gathered);
        return connection.getLocalDescription().sdp;
    }

    @Override
    public String says() {
        return connection.getConnectionState() + " " + said;
    }

    @Override
    public void close() {
        if (!work.isShutdown()) {
            work.shutdown();
            connection.close();
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static CreateSessionDescriptionObserver completing(CompletableFuture<RTCSessionDescription> made) {
        return new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                made.complete(description);
            }

            @Override
            public void onFailure(String error) {
                made.completeExceptionally(new AssertionError(error));
            }
        };
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
}
