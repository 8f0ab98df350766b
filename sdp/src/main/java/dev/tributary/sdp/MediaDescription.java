// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One media section: an {@code m=} line (RFC 8866 §5.14) and the lines under it. Immutable and thread-safe.
 *
 * <p>The typed accessors read the section's own lines each time they are called; keep the result. Attributes that a section
 * inherits from the session level ({@code fingerprint}, {@code ice-ufrag}, directions) are asked of
 * {@link SessionDescription}. An accessor throws {@link SdpException} with line and column when its attribute is
 * malformed.
 */
public final class MediaDescription implements SdpSection {
    /** Highest port. */
    public static final int PORT_MAX = 65_535;

    /** Port of a section whose transport is decided by ICE: the discard port (RFC 9429 §5.2.1). */
    public static final int DISCARD_PORT = 9;

    private static final int CONTENT_MAX = 16;

    private final MediaLine mediaLine;
    private final List<SdpLine> lines;
    private final int firstLine;

    private MediaDescription(MediaLine mediaLine, List<SdpLine> lines, int firstLine) {
        this.mediaLine = mediaLine;
        this.lines = List.copyOf(lines);
        this.firstLine = firstLine;
    }

    /** Reads a section. {@code number} is that of the {@code m=} line; the lines are those below it. */
    static MediaDescription parse(SdpLine media, int number, List<SdpLine> lines) {
        return new MediaDescription(MediaLine.parse(media, number), lines, number + 1);
    }

    /**
     * Starts a section.
     *
     * @param media media type, for instance {@code audio}
     * @param port port, 0 for a refused section
     * @param protocol transport protocol, for instance {@code UDP/TLS/RTP/SAVPF}
     * @param formats formats, at least one, refused section or not (RFC 8866 §9)
     */
    public static Builder builder(String media, int port, String protocol, List<String> formats) {
        return new Builder(media, port, protocol, formats);
    }

    /** A builder that holds this section. */
    public Builder toBuilder() {
        Builder builder = new Builder(media(), port(), protocol(), formats());
        builder.portCount = portCount();
        builder.lines.addAll(lines);
        return builder;
    }

    @Override
    public List<SdpLine> lines() {
        return lines;
    }

    @Override
    public int firstLine() {
        return firstLine;
    }

    /** Media type as written. */
    public String media() {
        return mediaLine.media();
    }

    /** Media type as far as WebRTC knows it. */
    public MediaKind kind() {
        return MediaKind.of(media());
    }

    /** The port; WebRTC uses only that 0 refuses, see {@link #isRejected}. */
    public int port() {
        return mediaLine.port();
    }

    /** Number of ports, 1 when not said. */
    public int portCount() {
        return mediaLine.portCount();
    }

    /** Transport protocol as written. */
    public String protocol() {
        return mediaLine.protocol();
    }

    /** Formats as written: payload types of an RTP section. */
    public List<String> formats() {
        return mediaLine.formats();
    }

    /**
     * Whether the section is refused. In an offer, port 0 with {@code bundle-only} is not: it asks to be bundled (RFC 9143
     * §6).
     */
    public boolean isRejected() {
        return port() == 0 && !isBundleOnly();
    }

    /** Whether the section is offered only as part of a BUNDLE group. */
    public boolean isBundleOnly() {
        return hasAttribute("bundle-only");
    }

    /** Id of the section (RFC 5888 §4), or null. */
    public @Nullable String mid() {
        return SectionReader.first(this, "mid", SectionReader::mid);
    }

    /** The direction that the section itself states, or null; see {@link SessionDescription#direction}. */
    public @Nullable Direction direction() {
        return Direction.first(lines);
    }

    /** Payload types of an RTP section, in order. */
    public List<Integer> payloadTypes() {
        return mediaLine.payloadTypes(Math.max(0, firstLine - 1));
    }

    /** Codecs in the order of the {@code m=} line; payload types that stand for nothing known are left out. */
    public List<Codec> codecs() {
        return CodecReader.codecs(this);
    }

    /** Header extensions, in order. */
    public List<HeaderExtension> headerExtensions() {
        return SectionReader.all(this, "extmap", HeaderExtension::parse);
    }

    /** Tracks that the section carries; more than one when a track is in several streams. */
    public List<Msid> msids() {
        return SectionReader.all(this, "msid", Msid::parse);
    }

    /** Named streams, in order. */
    public List<Rid> rids() {
        return SectionReader.all(this, "rid", Rid::parse);
    }

    /** Simulcast streams; null when there are none, or the attribute is malformed (RFC 8853 §5.1). */
    public @Nullable Simulcast simulcast() {
        String value = attribute("simulcast");
        return value == null ? null : Simulcast.parse(value);
    }

    /** Sources that the section names, with their attributes. */
    public List<Ssrc> ssrcs() {
        return SectionReader.ssrcs(this);
    }

    /** Groups of sources. */
    public List<SsrcGroup> ssrcGroups() {
        return SectionReader.all(this, "ssrc-group", SsrcGroup::parse);
    }

    /** Whether RTP and RTCP share one port (RFC 5761), said as {@code rtcp-mux} or {@code rtcp-mux-only} (RFC 8858). */
    public boolean isRtcpMux() {
        return hasAttribute("rtcp-mux") || hasAttribute("rtcp-mux-only");
    }

    /** Whether the section works with RTP and RTCP on one port only (RFC 8858). */
    public boolean isRtcpMuxOnly() {
        return hasAttribute("rtcp-mux-only");
    }

    /** Whether RTCP packets may be sent alone (RFC 5506). */
    public boolean isRtcpReducedSize() {
        return hasAttribute("rtcp-rsize");
    }

    /** SCTP port of the data channels (RFC 8841 §5), or null when not said. */
    public @Nullable Integer sctpPort() {
        Long port = SectionReader.first(
                this, "sctp-port", SectionReader.number(0, PORT_MAX, "a=sctp-port is 0 to 65535 (RFC 8841 §5)"));
        return port == null ? null : port.intValue();
    }

    /** Largest message in bytes that the sender of the description takes; 65536 when not said, 0 means any (RFC 8841 §6). */
    public long maxMessageSizeBytes() {
        Long size = SectionReader.first(
                this,
                "max-message-size",
                SectionReader.number(0, Long.MAX_VALUE, "a=max-message-size is a number (RFC 8841 §6)"));
        return size == null ? 65_536 : size;
    }

    /** Values of the {@code a=candidate} attributes, without the name; see {@link CandidateAttribute#parse}. */
    public List<String> candidates() {
        return attributes("candidate");
    }

    /** A name of the section for applications, which the peer does not interpret (RFC 4574 §4), or null. */
    public @Nullable String label() {
        return attribute("label");
    }

    /** What the section is for, for instance {@code main}, {@code slides}, {@code speaker} (RFC 4796 §5); empty when not said. */
    public List<String> content() {
        String value = attribute("content");
        return value == null ? List.of() : List.of(Scan.words(value.replace(',', ' '), CONTENT_MAX));
    }

    /** What the {@code i=} line says about the track. */
    public TrackAnnotation annotation() {
        return TrackAnnotation.parse(title());
    }

    /** Length of the written section in characters. */
    int chars() {
        return LineWriter.chars(mediaLine.line()) + LineWriter.chars(lines);
    }

    void write(LineWriter writer) {
        writer.write(mediaLine.line()).write(lines);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MediaDescription that
                && mediaLine.line().equals(that.mediaLine.line())
                && lines.equals(that.lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    /** The section as it is written. */
    @Override
    public String toString() {
        LineWriter writer = new LineWriter(chars());
        write(writer);
        return writer.toString();
    }

    /** Builds a {@link MediaDescription} line by line. Not thread-safe. */
    public static final class Builder {
        private final String media;
        private int port;
        private int portCount = 1;
        private final String protocol;
        private final List<String> formats;
        private final List<SdpLine> lines = new ArrayList<>();

        private Builder(String media, int port, String protocol, List<String> formats) {
            boolean named = Scan.isToken(media) && Scan.isVisible(protocol);
            if (!named || formats.isEmpty() || !formats.stream().allMatch(Scan::isVisible)) {
                throw new IllegalArgumentException("A section has a media type, a protocol and at least one format");
            }
            this.media = media;
            this.protocol = protocol;
            this.formats = List.copyOf(formats);
            port(port);
        }

        /** Sets the port. */
        public Builder port(int number) {
            if (number < 0 || number > PORT_MAX) {
                throw new IllegalArgumentException("A port is 0 to 65535, got " + number);
            }
            this.port = number;
            return this;
        }

        /** Adds a line. */
        public Builder line(char type, String value) {
            lines.add(new SdpLine(type, value));
            return this;
        }

        /** Adds lines. */
        public Builder lines(List<SdpLine> more) {
            lines.addAll(more);
            return this;
        }

        /** Adds an attribute without a value. */
        public Builder attribute(String name) {
            lines.add(SdpLine.attribute(name));
            return this;
        }

        /** Adds an attribute. */
        public Builder attribute(String name, String value) {
            lines.add(SdpLine.attribute(name, value));
            return this;
        }

        /** Removes all attributes of that name. */
        public Builder removeAttributes(String name) {
            lines.removeIf(line -> line.isAttribute(name));
            return this;
        }

        /** Sets the {@code i=} line, which stands first under {@code m=} (RFC 8866 §9); null removes it. */
        public Builder annotation(@Nullable TrackAnnotation annotation) {
            lines.removeIf(line -> line.type() == 'i');
            if (annotation != null) {
                lines.add(0, new SdpLine('i', annotation.write()));
            }
            return this;
        }

        /** The section. */
        public MediaDescription build() {
            return new MediaDescription(MediaLine.of(media, port, portCount, protocol, formats), lines, 0);
        }
    }
}
