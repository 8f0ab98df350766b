// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Candidates and credentials on their own: {@code application/trickle-ice-sdpfrag} (RFC 8840 §9), as WHIP and WHEP send them
 * by PATCH. Immutable.
 *
 * <p>Reading is tolerant where senders differ: credentials and {@code end-of-candidates} may stand at session or media
 * level, candidates may come without an {@code m=} line, and the same candidate may be repeated for each section.
 *
 * @param ufrag ICE user name fragment; null when not said
 * @param password ICE password; null when not said
 * @param iceOptions ICE options
 * @param iceLite whether the sender is ICE-lite
 * @param icePacingMillis pacing of its checks in milliseconds; null when not said
 * @param bundle mids of the BUNDLE group; empty when not said
 * @param media candidates by section
 */
public record SdpFragment(
        @Nullable String ufrag,
        @Nullable String password,
        List<String> iceOptions,
        boolean iceLite,
        @Nullable Integer icePacingMillis,
        List<String> bundle,
        List<Media> media) {

    /** Type of the body that carries a fragment. */
    public static final String MEDIA_TYPE = "application/trickle-ice-sdpfrag";

    private static final long PACING_MILLIS_MAX = 10_000;

    /**
     * Candidates of one section.
     *
     * @param mid id of the section; null when the sender did not say it
     * @param candidates values of its {@code a=candidate} attributes, each once
     * @param endOfCandidates whether no more follow
     */
    public record Media(@Nullable String mid, List<String> candidates, boolean endOfCandidates) {
        /** Keeps an unmodifiable copy. */
        public Media {
            candidates = List.copyOf(candidates);
        }
    }

    /** The lines of one level of a fragment; seen only through {@link SdpSection}. */
    record Level(List<SdpLine> lines, int firstLine) implements SdpSection {}

    /** Keeps unmodifiable copies. */
    public SdpFragment {
        iceOptions = List.copyOf(iceOptions);
        bundle = List.copyOf(bundle);
        media = List.copyOf(media);
    }

    /**
     * Reads a fragment within {@link SdpLimits#DEFAULT}.
     *
     * @throws SdpException if it is malformed, exceeds a limit, names two sets of credentials, or says nothing at all
     */
    public static SdpFragment parse(String text) {
        return parse(text, SdpLimits.DEFAULT);
    }

    /**
     * Reads a fragment.
     *
     * @throws SdpException if it is malformed, exceeds a limit, names two sets of credentials, or says nothing at all
     */
    public static SdpFragment parse(String text, SdpLimits limits) {
        LineReader reader = new LineReader(text, limits);
        List<Level> levels = new ArrayList<>();
        levels.add(new Level(reader.section(), 1));
        while (reader.mediaLine() != null) {
            int number = reader.number();
            levels.add(new Level(reader.section(), number + 1));
        }
        SdpFragment fragment = read(levels);
        if (fragment.ufrag == null && fragment.media.isEmpty()) {
            throw SdpException.of(
                    Reason.MISSING, "", "a fragment has credentials, candidates or end-of-candidates (RFC 8840 §9)");
        }
        return fragment;
    }

    private static SdpFragment read(List<Level> levels) {
        String ufrag = null;
        String password = null;
        List<Media> media = new ArrayList<>();
        Level session = levels.get(0);
        boolean sessionEnd = session.hasAttribute("end-of-candidates");
        for (Level level : levels) {
            ufrag = same(ufrag, SectionReader.first(level, "ice-ufrag", TransportDescription::parseUfrag));
            password = same(password, SectionReader.first(level, "ice-pwd", TransportDescription::parsePassword));
            Set<String> candidates = new LinkedHashSet<>(level.attributes("candidate"));
            boolean end = sessionEnd || level.hasAttribute("end-of-candidates");
            boolean said = !candidates.isEmpty() || level.hasAttribute("end-of-candidates");
            if (said || level.hasAttribute("mid")) {
                media.add(new Media(level.attribute("mid"), List.copyOf(candidates), end));
            }
        }
        if ((ufrag == null) != (password == null)) {
            throw SdpException.of(Reason.MISSING, "", "a=ice-ufrag and a=ice-pwd come together (RFC 8839 §5.4)");
        }
        Long pacing = SectionReader.first(
                session,
                "ice-pacing",
                SectionReader.number(0, PACING_MILLIS_MAX, "a=ice-pacing is 0 to 10000 milliseconds (RFC 8839 §5.5)"));
        return new SdpFragment(
                ufrag,
                password,
                TransportDescription.parseIceOptions(session.attribute("ice-options")),
                session.hasAttribute("ice-lite"),
                pacing == null ? null : pacing.intValue(),
                bundle(session),
                media);
    }

    private static List<String> bundle(Level session) {
        for (Group group : SectionReader.all(session, "group", Group::parse)) {
            if (group.semantics().equals(Group.BUNDLE)) {
                return group.mids();
            }
        }
        return List.of();
    }

    private static @Nullable String same(@Nullable String known, @Nullable String said) {
        if (known != null && said != null && !known.equals(said)) {
            throw SdpException.of(Reason.CONFLICT, "", "a fragment has one set of ICE credentials (RFC 9725 §4.3.2)");
        }
        return known == null ? said : known;
    }

    /** All candidates, each once, in order, whatever section they came with. */
    public List<String> candidates() {
        Set<String> all = new LinkedHashSet<>();
        media.forEach(section -> all.addAll(section.candidates));
        return List.copyOf(all);
    }

    /** Whether the sender says that no more candidates follow. */
    public boolean endOfCandidates() {
        return media.stream().anyMatch(Media::endOfCandidates);
    }

    /**
     * The fragment that describes our end of the transport: what answers an ICE restart (RFC 9725 §4.3.3).
     *
     * @param transport our end
     * @param mid id of the BUNDLE-tagged section
     */
    public static SdpFragment of(TransportDescription transport, String mid) {
        return new SdpFragment(
                transport.ufrag(),
                transport.password(),
                transport.iceOptions(),
                transport.iceLite(),
                null,
                List.of(mid),
                List.of(new Media(mid, transport.candidates(), transport.endOfCandidates())));
    }

    /** The text of the fragment, each line ended by CRLF. */
    public String write() {
        List<SdpLine> lines = new ArrayList<>();
        if (iceLite) {
            lines.add(SdpLine.attribute("ice-lite"));
        }
        if (!bundle.isEmpty()) {
            lines.add(SdpLine.attribute("group", new Group(Group.BUNDLE, bundle).write()));
        }
        if (!iceOptions.isEmpty()) {
            lines.add(SdpLine.attribute("ice-options", String.join(" ", iceOptions)));
        }
        if (icePacingMillis != null) {
            lines.add(SdpLine.attribute("ice-pacing", icePacingMillis.toString()));
        }
        if (ufrag != null && password != null) {
            lines.add(SdpLine.attribute("ice-ufrag", ufrag));
            lines.add(SdpLine.attribute("ice-pwd", password));
        }
        for (Media section : media) {
            if (section.mid != null) {
                // RFC 8840 §9: the pseudo m= line; its media type and format mean nothing, the mid does.
                lines.add(new SdpLine('m', "audio 9 RTP/AVP 0"));
                lines.add(SdpLine.attribute("mid", section.mid));
            }
            section.candidates.forEach(candidate -> lines.add(SdpLine.attribute("candidate", candidate)));
            if (section.endOfCandidates) {
                lines.add(SdpLine.attribute("end-of-candidates"));
            }
        }
        return new LineWriter(LineWriter.chars(lines)).write(lines).toString();
    }

    /** Everything but the password. */
    @Override
    public String toString() {
        return "SdpFragment[ufrag=" + ufrag + ", iceOptions=" + iceOptions + ", media=" + media + ']';
    }
}
