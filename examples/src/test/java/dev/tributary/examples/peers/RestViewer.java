// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.peers;

import dev.tributary.sdp.MediaKind;
import dev.tributary.sdp.SessionDescription;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.whipwhep.ControlRole;
import dev.tributary.whipwhep.DynamicEvent;
import dev.tributary.whipwhep.DynamicOptions;
import dev.tributary.whipwhep.DynamicReceiver;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.spi.SessionKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A viewer without SCTP: media over UDP as any other, and the control channel as an event stream and POSTs. */
final class RestViewer extends UdpPeer {
    private final DynamicReceiver receiver = DynamicReceiver.of(DynamicOptions.client(ControlRole.VIEWER));
    private final HttpClient rest = HttpClient.newHttpClient();
    private final AtomicInteger packets;
    private int offers;

    private RestViewer(AtomicInteger packets) {
        super(false, new MediaReceiver() {
            @Override
            public void rtp(byte[] bytes, int offset, int length, long nowNanos) {
                packets.incrementAndGet();
            }
        });
        this.packets = packets;
    }

    static RestViewer start(String whep, String token) {
        RestViewer viewer = new RestViewer(new AtomicInteger());
        viewer.onLoop(() -> {
            viewer.peer.negotiation().add(MediaKind.AUDIO).receive(true);
            viewer.peer.negotiation().add(MediaKind.VIDEO).receive(true);
            return null;
        });
        viewer.open(SessionKind.WHEP, whep, token);
        await(viewer.connected);
        viewer.openControl();
        return viewer;
    }

    /** Opens the event stream; what comes on it is handled on the loop, one after the other. */
    final void openControl() {
        HttpRequest request = HttpRequest.newBuilder(session().controlUrl())
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<Stream<String>> response = await(rest.sendAsync(request, HttpResponse.BodyHandlers.ofLines()));
        if (response.statusCode() != 200) {
            throw new AssertionError("The event stream was answered " + response.statusCode());
        }
        Thread reader = new Thread(() -> read(response.body()), "event stream");
        reader.setDaemon(true);
        reader.start();
        onLoop(() -> {
            receiver.opened(loop.nowNanos());
            drain();
            return null;
        });
    }

    private void read(Stream<String> lines) {
        try {
            lines.filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .forEach(message -> loop.execute(() -> {
                        receiver.handleText(message, loop.nowNanos());
                        drain();
                    }));
        } catch (UncheckedIOException e) {
            // The session has ended.
            Thread.yield();
        }
    }

    List<Track> tracks() {
        return onLoop(receiver::tracks);
    }

    int packets() {
        return packets.get();
    }

    int offers() {
        return onLoop(() -> offers);
    }

    /** What anybody who knows the address sees. */
    String snapshot() {
        try {
            URI url = session().controlUrl();
            return rest.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    void answered(boolean isDynamic, long nowNanos) {
        // The channel opens once media flows.
    }

    @Override
    void controlOpened(long nowNanos) {
        throw new AssertionError("There is no data channel");
    }

    @Override
    void controlMessage(byte[] message, long nowNanos) {
        throw new AssertionError("There is no data channel");
    }

    @Override
    String pollControl(long nowNanos) {
        for (DynamicEvent event; (event = receiver.pollEvent()) != null; ) {
            if (event instanceof DynamicEvent.OfferReceived offer) {
                peer.applyOffer(SessionDescription.parse(offer.sdp()));
                receiver.answer(offer.seq(), peer.answer(nowNanos).write(), nowNanos);
                offers++;
            }
        }
        for (String message; (message = receiver.pollMessage()) != null; ) {
            post(message);
        }
        return null;
    }

    private void post(String message) {
        HttpRequest request = HttpRequest.newBuilder(session().controlUrl())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(message))
                .build();
        try {
            // One after the other: on several connections they would overtake each other.
            int status =
                    rest.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 204) {
                throw new AssertionError("A message was answered " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    long controlTimeoutNanos() {
        return receiver.nextTimeoutNanos();
    }

    @Override
    void controlTimeout(long nowNanos) {
        receiver.handleTimeout(nowNanos);
    }
}
