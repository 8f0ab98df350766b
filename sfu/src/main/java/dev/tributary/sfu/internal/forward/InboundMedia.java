// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.rtp.HeaderExtensions;
import dev.tributary.core.rtp.RtcpReader;
import dev.tributary.core.rtp.RtcpWriter;
import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.sfu.internal.bandwidth.ArrivalLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a peer publishes: takes its decrypted RTP and RTCP, finds out which stream each packet belongs to, and answers with
 * receiver reports, NACKs and key frame requests through the {@link RtpSink}.
 *
 * <p><b>Drive contract.</b> Any number of {@link #handleRtp} and {@link #handleRtcp}, then one {@link #batchEnded}, which
 * lets the subscribers have what came; {@link #handleTimeout} when {@link #nextTimeoutNanos} is reached.
 *
 * <p>A stream is found by its SSRC: declared in the description, or learned from the mid (and rid, or repaired rid) that
 * the first packets of a stream carry (RFC 9143 section 9.2), or, if all else fails and only one section knows the payload
 * type, from that. Once learned it stays. Not thread-safe: owned by the publisher's loop; {@link #newTrack} and {@link
 * #onLoop} may be called from anywhere.
 */
public final class InboundMedia {
    private final Loop loop;
    private final RtpSink sink;
    private final int localSsrc;
    private final byte[] localCname;
    private final Runnable timeoutChanged;
    private final RtpPacket packet = new RtpPacket();
    private final RtcpReader reader = new RtcpReader();
    private final RtcpWriter writer = new RtcpWriter();
    private final byte[] scratch = new byte[ForwardLimits.SCRATCH_BYTES];
    private final PublisherClock clock = new PublisherClock();
    private final SsrcTable<Route> routes = new SsrcTable<>(ForwardLimits.INCOMING_SSRCS_MAX);
    private final Map<String, InboundSection> sections = new HashMap<>();
    private final List<IncomingStream> streams = new ArrayList<>();
    private final List<TrackSource> changedTracks = new ArrayList<>();

    private long nowNanos;
    private long roundTripNanos = ForwardLimits.ROUND_TRIP_NANOS_INITIAL;
    private long reportDueNanos = DatagramProtocol.NEVER;
    private final ArrivalLog arrivals = new ArrivalLog();
    private int transportSequenceId;
    private int reportedSsrc;
    private long unroutedPackets;
    private long malformedPackets;
    private boolean closed;

    /** Where packets of one SSRC go. */
    private record Route(IncomingStream stream, boolean retransmission) {}

    /**
     * Makes the receiving side of a peer.
     *
     * @param loop the loop that owns the peer
     * @param sink where feedback goes
     * @param localSsrc the SSRC that we report as: unique within the peer, random
     * @param localCname our canonical name in source descriptions
     * @param timeoutChanged called on the loop when {@link #nextTimeoutNanos} has become earlier without the peer's doing
     */
    public InboundMedia(Loop loop, RtpSink sink, int localSsrc, String localCname, Runnable timeoutChanged) {
        this.loop = loop;
        this.sink = sink;
        this.localSsrc = localSsrc;
        this.localCname = localCname.getBytes(StandardCharsets.UTF_8);
        this.timeoutChanged = timeoutChanged;
    }

    /**
     * Makes a track of this publisher. It gets packets once a section is added for it.
     *
     * @param video whether it has key frames
     * @param cname the publisher's canonical name towards subscribers
     */
    public TrackSource newTrack(boolean video, String cname) {
        return new TrackSource(this, video, cname);
    }

    /**
     * Adds a negotiated section, or replaces the one with the same mid. Streams go on if the track is the same.
     *
     * @throws IllegalArgumentException beyond {@value ForwardLimits#SECTIONS_MAX} sections
     */
    public void addSection(InboundSection section) {
        InboundSection before = sections.get(section.mid());
        if (before == null && sections.size() >= ForwardLimits.SECTIONS_MAX) {
            throw new IllegalArgumentException("More than " + ForwardLimits.SECTIONS_MAX + " media sections");
        }
        if (before != null && before.track() != section.track()) {
            removeSection(section.mid(), true);
        }
        sections.put(section.mid(), section);
        // RFC 8843 §8.3 and the draft: one number space, and one id, for all of a bundle.
        transportSequenceId =
                Math.max(transportSequenceId, section.extensionIds().transportSequence());
        for (IncomingStream stream : section.track().layers()) {
            stream.renegotiated(section);
        }
        int index = 0;
        for (InboundSection.DeclaredSsrc declared : section.ssrcs()) {
            String rid = index < section.rids().size() ? section.rids().get(index) : null;
            Route known = routes.get(declared.ssrc());
            IncomingStream stream = known != null && known.stream().track() == section.track()
                    ? known.stream()
                    : openStream(section, rid, declared.ssrc());
            if (stream != null && declared.rtxSsrc() != 0) {
                routes.put(declared.rtxSsrc(), new Route(stream, true));
            }
            index++;
        }
    }

    /** Removes a section and ends its track. */
    public void removeSection(String mid) {
        removeSection(mid, true);
    }

    /** Takes a decrypted RTP packet; whatever its bytes, it throws nothing. */
    public void handleRtp(byte[] bytes, int offset, int length, long now) {
        nowNanos = now;
        if (closed || !packet.wrap(bytes, offset, length)) {
            malformedPackets++;
            return;
        }
        noteArrival(now);
        Route route = routes.get(packet.ssrc());
        if (route == null || route.stream().isEnded()) {
            route = learn();
        }
        if (route == null) {
            unroutedPackets++;
            return;
        }
        boolean taken = route.retransmission()
                ? route.stream().receiveRetransmission(packet, now)
                : route.stream().receive(packet, now);
        if (taken && reportDueNanos == DatagramProtocol.NEVER) {
            reportDueNanos = now + ForwardLimits.REPORT_NANOS / 4;
        }
    }

    /** Whatever stream it belongs to, padding too: the publisher's congestion control counts all that it sends. */
    private void noteArrival(long now) {
        long number = HeaderExtensions.find(packet, transportSequenceId);
        if (number != HeaderExtensions.NOT_FOUND && HeaderExtensions.length(number) >= 2) {
            byte[] bytes = packet.array();
            int at = HeaderExtensions.offset(number);
            arrivals.arrived((bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF, now);
            reportedSsrc = packet.ssrc();
        }
    }

    /** Whether the publisher hears of every arrival, and finds its rate by that. */
    public boolean reportsArrivals() {
        return transportSequenceId > 0;
    }

    /** Takes a decrypted compound RTCP packet: the sender reports and goodbyes in it. */
    public void handleRtcp(byte[] bytes, int offset, int length, long now) {
        nowNanos = now;
        reader.wrap(bytes, offset, length);
        while (reader.next()) {
            if (reader.kind() == RtcpReader.Kind.SENDER_REPORT) {
                Route route = routes.get(reader.senderSsrc());
                if (route != null && !route.retransmission()) {
                    route.stream().senderReport(reader.ntpTime(), reader.rtpTimestamp(), now);
                }
            } else if (reader.kind() == RtcpReader.Kind.BYE) {
                for (int i = 0; i < reader.count(); i++) {
                    bye(reader.byeSsrc(i));
                }
            }
        }
    }

    /** Lets the subscribers have the packets that came since the last call. */
    public void batchEnded(long now) {
        nowNanos = now;
        for (int i = 0; i < changedTracks.size(); i++) {
            changedTracks.get(i).publishBatch(now);
        }
        changedTracks.clear();
    }

    /** Sends the reports, NACKs and key frame requests that are due. */
    public void handleTimeout(long now) {
        nowNanos = now;
        if (closed) {
            return;
        }
        if (now >= reportDueNanos) {
            sendReports(now);
            reportDueNanos = now + ForwardLimits.REPORT_NANOS;
        }
        while (arrivals.nextDueNanos() <= now) {
            sendArrivals(now);
        }
        for (int i = 0; i < streams.size(); i++) {
            IncomingStream stream = streams.get(i);
            if (stream.nextTimeoutNanos() <= now) {
                // Browsers want a report first in every compound packet (RFC 3550 §6.1); an empty one will do.
                writer.wrap(scratch, 0, scratch.length - RtpSink.ROOM_BYTES - 512);
                boolean unused = writer.receiverReport(localSsrc);
                int empty = writer.length();
                stream.writeFeedback(writer, localSsrc, roundTripNanos, now);
                if (writer.length() > empty) {
                    sink.sendRtcp(scratch, 0, writer.length());
                }
            }
        }
    }

    /** When {@link #handleTimeout} wants to be called. */
    public long nextTimeoutNanos() {
        if (closed) {
            return DatagramProtocol.NEVER;
        }
        long next = Math.min(reportDueNanos, arrivals.nextDueNanos());
        for (int i = 0; i < streams.size(); i++) {
            next = Math.min(next, streams.get(i).nextTimeoutNanos());
        }
        return next;
    }

    /** Tells the round trip time to the publisher, as ICE measures it. */
    public void updateRoundTrip(long nanos) {
        roundTripNanos = Math.max(ForwardLimits.MILLIS, Math.min(ForwardLimits.ROUND_TRIP_NANOS_MAX, nanos));
    }

    /** Ends all tracks. Idempotent; packets that still come are ignored. */
    public void close() {
        closed = true;
        for (InboundSection section : sections.values()) {
            section.track().end();
        }
        streams.clear();
        sections.clear();
    }

    /** Packets whose stream could not be found. */
    public long unroutedPackets() {
        return unroutedPackets;
    }

    /** Packets that were no RTP. */
    public long malformedPackets() {
        return malformedPackets;
    }

    void changed(TrackSource track) {
        changedTracks.add(track);
    }

    void onLoop(Runnable task) {
        if (loop.inLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    long roundTripNanos() {
        return roundTripNanos;
    }

    long nowNanos() {
        return nowNanos;
    }

    void timeoutChanged() {
        timeoutChanged.run();
    }

    private @Nullable Route learn() {
        int ssrc = packet.ssrc();
        InboundSection section = sectionOfPacket();
        if (section == null) {
            return null;
        }
        boolean retransmission = section.originalOf(packet.payloadType()) != null;
        if (!retransmission) {
            IncomingStream stream =
                    openStream(section, extension(section.extensionIds().rid()), ssrc);
            return stream == null ? null : routes.get(ssrc);
        }
        String repaired = extension(section.extensionIds().repairedRid());
        for (IncomingStream stream : section.track().layers()) {
            boolean only = section.track().layers().length == 1 && repaired == null;
            if (!stream.isEnded() && (only || repaired != null && repaired.equals(stream.rid()))) {
                Route route = new Route(stream, true);
                return routes.put(ssrc, route) ? route : null;
            }
        }
        return null;
    }

    private @Nullable InboundSection sectionOfPacket() {
        InboundSection only = null;
        int candidates = 0;
        for (InboundSection section : sections.values()) {
            if (!section.knows(packet.payloadType())) {
                continue;
            }
            String mid = extension(section.extensionIds().mid());
            if (mid != null) {
                InboundSection named = sections.get(mid);
                return named != null && named.knows(packet.payloadType()) ? named : null;
            }
            only = section;
            candidates++;
        }
        return candidates == 1 ? only : null;
    }

    private @Nullable String extension(int id) {
        long found = HeaderExtensions.find(packet, id);
        return found == HeaderExtensions.NOT_FOUND
                ? null
                : new String(
                        packet.array(),
                        HeaderExtensions.offset(found),
                        HeaderExtensions.length(found),
                        StandardCharsets.US_ASCII);
    }

    private @Nullable IncomingStream openStream(InboundSection section, @Nullable String rid, int ssrc) {
        if (!section.rids().isEmpty() && (rid == null || !section.rids().contains(rid))) {
            return null;
        }
        TrackSource track = section.track();
        if (track.isEnded() || routes.isFull()) {
            return null;
        }
        // A new SSRC for a layer that is there already replaces it (replaced camera, restarted encoder).
        for (IncomingStream layer : track.layers()) {
            if (layer.rid() == null ? rid == null : layer.rid().equals(rid)) {
                closeStream(layer);
            }
        }
        if (track.layers().length >= ForwardLimits.LAYERS_MAX) {
            return null;
        }
        IncomingStream stream = new IncomingStream(track, section, rid, ssrc, clock);
        routes.put(ssrc, new Route(stream, false));
        streams.add(stream);
        track.addLayer(stream);
        return stream;
    }

    private void closeStream(IncomingStream stream) {
        stream.end();
        streams.remove(stream);
        stream.track().removeLayer(stream);
        routes.removeIf(route -> route.stream() == stream);
    }

    private void removeSection(String mid, boolean endTrack) {
        InboundSection section = sections.remove(mid);
        if (section == null) {
            return;
        }
        for (IncomingStream stream : section.track().layers()) {
            closeStream(stream);
        }
        if (endTrack) {
            section.track().end();
        }
    }

    /** RFC 3550 §6.6: a goodbye speaks of that source only; the peer and its other streams go on. */
    private void bye(int ssrc) {
        Route route = routes.get(ssrc);
        if (route == null) {
            return;
        }
        if (route.retransmission()) {
            routes.remove(ssrc);
        } else {
            closeStream(route.stream());
        }
    }

    private void sendArrivals(long now) {
        writer.wrap(scratch, 0, scratch.length - RtpSink.ROOM_BYTES - 512);
        boolean unused = writer.receiverReport(localSsrc);
        int from = writer.length();
        int length = arrivals.write(scratch, from, writer.remaining(), localSsrc, reportedSsrc, now);
        if (length > 0) {
            sink.sendRtcp(scratch, 0, from + length);
        }
    }

    private void sendReports(long now) {
        int next = 0;
        do {
            writer.wrap(scratch, 0, scratch.length - RtpSink.ROOM_BYTES - 512);
            boolean begun = writer.receiverReport(localSsrc);
            int room = 31;
            while (next < streams.size() && room-- > 0) {
                if (!streams.get(next).writeReport(writer, now)) {
                    break;
                }
                next++;
            }
            if (begun && writer.cname(localSsrc, localCname)) {
                sink.sendRtcp(scratch, 0, writer.length());
            }
        } while (next < streams.size());
    }
}
