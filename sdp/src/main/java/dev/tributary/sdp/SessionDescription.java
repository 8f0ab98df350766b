// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session description (RFC 8866): session-level lines and media sections. Immutable and thread-safe.
 *
 * <p>{@link #parse} and {@link #write} lose nothing but the spelling of line ends: lines and attributes that this library does
 * not know survive in their place. Parsing checks the form of the lines and that the mandatory ones are there; what an
 * attribute says is read, and refused when malformed, by the typed accessors.
 *
 * <pre>{@code
 * SessionDescription offer = SessionDescription.parse(text);
 * for (MediaDescription media : offer.media()) {
 *     List<Codec> codecs = media.codecs();
 *     TransportDescription transport = offer.transport(media);
 * }
 * }</pre>
 */
public final class SessionDescription implements SdpSection {
    private static final int TLS_ID_CHARS_MIN = 20;
    private static final int TLS_ID_CHARS_MAX = 255;

    private final Origin origin;
    private final List<SdpLine> lines;
    private final List<MediaDescription> media;
    private final Direction inheritedDirection;
    private final boolean allowsMixedExtmap;
    /** Read when it is first asked for, by any thread: a record is seen whole or not at all. */
    private @Nullable TransportDescription inheritedTransport;

    private SessionDescription(Origin origin, List<SdpLine> lines, List<MediaDescription> media) {
        this.origin = origin;
        this.lines = List.copyOf(lines);
        this.media = List.copyOf(media);
        Direction direction = Direction.first(lines);
        this.inheritedDirection = direction == null ? Direction.SENDRECV : direction;
        this.allowsMixedExtmap = hasAttribute("extmap-allow-mixed");
    }

    /**
     * Reads a description within {@link SdpLimits#DEFAULT}.
     *
     * @throws SdpException if a line is malformed, a mandatory one is missing or a limit is exceeded
     */
    public static SessionDescription parse(String text) {
        return parse(text, SdpLimits.DEFAULT);
    }

    /**
     * Reads a description.
     *
     * @throws SdpException if a line is malformed, a mandatory one is missing or a limit is exceeded
     */
    public static SessionDescription parse(String text, SdpLimits limits) {
        LineReader reader = new LineReader(text, limits);
        List<SdpLine> session = reader.section();
        SdpLine version = expect(session, 0, 'v', "a description starts with v=0 (RFC 8866 §5.1)");
        if (!version.value().equals("0")) {
            throw new SdpException(Reason.SYNTAX, 1, 3, version.value(), "the version is 0 (RFC 8866 §5.1)");
        }
        SdpLine origin = expect(session, 1, 'o', "o= follows v= (RFC 8866 §5.2)");
        expect(session, 2, 's', "s= follows o= (RFC 8866 §5.3)");
        if (session.stream().noneMatch(line -> line.type() == 't')) {
            throw SdpException.of(Reason.MISSING, "", "there is a t= line (RFC 8866 §5.9)");
        }
        List<MediaDescription> media = new ArrayList<>();
        for (SdpLine line = reader.mediaLine(); line != null; line = reader.mediaLine()) {
            int number = reader.number();
            media.add(MediaDescription.parse(line, number, reader.section()));
        }
        return new SessionDescription(Origin.parse(origin.value(), 2), session, media);
    }

    private static SdpLine expect(List<SdpLine> lines, int index, char type, String rule) {
        if (index >= lines.size() || lines.get(index).type() != type) {
            String token = index < lines.size() ? lines.get(index).toString() : "";
            throw new SdpException(Reason.MISSING, index + 1, 1, token, rule);
        }
        return lines.get(index);
    }

    /** Starts a description with its {@code v=}, {@code o=}, {@code s=} and {@code t=} lines. */
    public static Builder builder(Origin origin) {
        return new Builder(origin);
    }

    /** The text of the description, each line ended by CRLF. */
    public String write() {
        int chars = LineWriter.chars(lines);
        for (MediaDescription section : media) {
            chars += section.chars();
        }
        LineWriter writer = new LineWriter(chars).write(lines);
        for (MediaDescription section : media) {
            section.write(writer);
        }
        return writer.toString();
    }

    /** Session-level lines in order. */
    @Override
    public List<SdpLine> lines() {
        return lines;
    }

    @Override
    public int firstLine() {
        return 1;
    }

    /** Media sections in order. */
    public List<MediaDescription> media() {
        return media;
    }

    /** The section with that id, or null. */
    public @Nullable MediaDescription media(String mid) {
        for (MediaDescription section : media) {
            if (mid.equals(section.mid())) {
                return section;
            }
        }
        return null;
    }

    /** Who made the description. */
    public Origin origin() {
        return origin;
    }

    /** Groups of sections, in order. */
    public List<Group> groups() {
        return SectionReader.all(this, "group", Group::parse);
    }

    /** The first BUNDLE group, or null. */
    public @Nullable Group bundle() {
        for (Group group : groups()) {
            if (group.semantics().equals(Group.BUNDLE)) {
                return group;
            }
        }
        return null;
    }

    /** The direction of a section: its own, else that of the session, else sendrecv (RFC 8866 §6.7). */
    public Direction direction(MediaDescription section) {
        Direction own = section.direction();
        return own == null ? inheritedDirection : own;
    }

    /** Whether one-byte and two-byte header extensions may be mixed in a section (RFC 8285 §6). */
    public boolean allowsMixedExtmap(MediaDescription section) {
        return allowsMixedExtmap || section.hasAttribute("extmap-allow-mixed");
    }

    /**
     * The id of the DTLS association of a section, its own or that of the session (RFC 8842 §4); null when not said.
     *
     * @throws SdpException if it is malformed
     */
    public @Nullable String tlsId(MediaDescription section) {
        String own = SectionReader.first(section, "tls-id", SessionDescription::parseTlsId);
        return own == null ? SectionReader.first(this, "tls-id", SessionDescription::parseTlsId) : own;
    }

    private static String parseTlsId(String value) {
        boolean fits = value.length() >= TLS_ID_CHARS_MIN && value.length() <= TLS_ID_CHARS_MAX;
        if (!fits || !value.chars().allMatch(c -> Character.isLetterOrDigit(c) && c < 0x80 || "+/-_".indexOf(c) >= 0)) {
            throw SdpException.of(Reason.SYNTAX, value, "a=tls-id is 20 to 255 letters, digits and +/-_ (RFC 8842 §4)");
        }
        return value;
    }

    /**
     * The transport of a section, with what it inherits from the session level.
     *
     * @throws SdpException if one of its attributes is malformed
     */
    public TransportDescription transport(MediaDescription section) {
        TransportDescription inherited = inheritedTransport;
        if (inherited == null) {
            inherited = TransportDescription.read(this);
            inheritedTransport = inherited;
        }
        return TransportDescription.read(section).inheriting(inherited);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionDescription that && lines.equals(that.lines) && media.equals(that.media);
    }

    @Override
    public int hashCode() {
        return 31 * lines.hashCode() + media.hashCode();
    }

    /** Number of sections and version; never the text, which holds ICE passwords. */
    @Override
    public String toString() {
        return "SessionDescription[version=" + origin.sessionVersion() + ", media=" + media.size() + ']';
    }

    /** Builds a {@link SessionDescription}. Not thread-safe. */
    public static final class Builder {
        private final Origin origin;
        private final List<SdpLine> lines = new ArrayList<>();
        private final List<MediaDescription> media = new ArrayList<>();

        private Builder(Origin origin) {
            this.origin = origin;
            line('v', "0");
            line('o', origin.write());
            line('s', "-");
            line('t', "0 0");
        }

        /** Adds a session-level line. */
        public Builder line(char type, String value) {
            lines.add(new SdpLine(type, value));
            return this;
        }

        /** Adds a session-level attribute without a value. */
        public Builder attribute(String name) {
            lines.add(SdpLine.attribute(name));
            return this;
        }

        /** Adds a session-level attribute. */
        public Builder attribute(String name, String value) {
            lines.add(SdpLine.attribute(name, value));
            return this;
        }

        /** Adds a section. */
        public Builder media(MediaDescription section) {
            media.add(section);
            return this;
        }

        /** The description. */
        public SessionDescription build() {
            return new SessionDescription(origin, lines, media);
        }
    }
}
