// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import dev.tributary.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one side says about its end of the transport: ICE (RFC 8839) and DTLS (RFC 8122, RFC 8842).
 *
 * @param ufrag ICE user name fragment; null when a description does not say it
 * @param password ICE password; null when a description does not say it
 * @param iceLite whether the side is ICE-lite
 * @param iceOptions ICE options such as {@code trickle} and {@code ice2}
 * @param fingerprints digests of its certificate, one for each hash function
 * @param setup its DTLS role; null when a description does not say it
 * @param candidates values of its {@code a=candidate} attributes
 * @param endOfCandidates whether no more candidates follow (RFC 8840)
 */
public record TransportDescription(
        @Nullable String ufrag,
        @Nullable String password,
        boolean iceLite,
        List<String> iceOptions,
        List<CertificateFingerprint> fingerprints,
        @Nullable Setup setup,
        List<String> candidates,
        boolean endOfCandidates) {

    /** Shortest and longest user name fragment in characters (RFC 8839 §5.4). */
    public static final int UFRAG_CHARS_MIN = 4;
    /** Shortest password in characters (RFC 8839 §5.4). */
    public static final int PASSWORD_CHARS_MIN = 22;
    /** Longest of either in characters (RFC 8839 §5.4). */
    public static final int CREDENTIAL_CHARS_MAX = 256;

    /** Keeps unmodifiable copies. */
    public TransportDescription {
        iceOptions = List.copyOf(iceOptions);
        fingerprints = List.copyOf(fingerprints);
        candidates = List.copyOf(candidates);
    }

    /** A transport of our own, without candidates yet. */
    public static TransportDescription of(String ufrag, String password, CertificateFingerprint fingerprint) {
        return new TransportDescription(
                parseUfrag(ufrag),
                parsePassword(password),
                false,
                List.of("trickle"),
                List.of(fingerprint),
                null,
                List.of(),
                false);
    }

    /** What one level of a description says itself. One pass; of what may stand once, the first counts. */
    static TransportDescription read(SdpSection level) {
        String ufrag = null;
        String password = null;
        Setup setup = null;
        boolean iceLite = false;
        boolean endOfCandidates = false;
        List<String> iceOptions = List.of();
        List<CertificateFingerprint> fingerprints = new ArrayList<>();
        List<String> candidates = new ArrayList<>();
        int number = level.firstLine();
        for (SdpLine line : level.lines()) {
            if (line.isAttribute("candidate")) {
                candidates.add(line.attributeValue());
            } else if (line.isAttribute("fingerprint")) {
                fingerprints.add(SectionReader.parse(line, number, CertificateFingerprint::parse));
            } else if (ufrag == null && line.isAttribute("ice-ufrag")) {
                ufrag = SectionReader.parse(line, number, TransportDescription::parseUfrag);
            } else if (password == null && line.isAttribute("ice-pwd")) {
                password = SectionReader.parse(line, number, TransportDescription::parsePassword);
            } else if (setup == null && line.isAttribute("setup")) {
                setup = SectionReader.parse(line, number, TransportDescription::parseSetup);
            } else if (iceOptions.isEmpty() && line.isAttribute("ice-options")) {
                iceOptions = parseIceOptions(line.attributeValue());
            }
            iceLite |= line.isAttribute("ice-lite");
            endOfCandidates |= line.isAttribute("end-of-candidates");
            number += number == 0 ? 0 : 1;
        }
        return new TransportDescription(
                ufrag, password, iceLite, iceOptions, fingerprints, setup, candidates, endOfCandidates);
    }

    /** This transport of a section, with what it leaves to the session level (RFC 8839 §5.4, RFC 8122 §5). */
    TransportDescription inheriting(TransportDescription session) {
        return new TransportDescription(
                ufrag == null ? session.ufrag : ufrag,
                password == null ? session.password : password,
                iceLite || session.iceLite,
                iceOptions.isEmpty() ? session.iceOptions : iceOptions,
                fingerprints.isEmpty() ? session.fingerprints : fingerprints,
                setup == null ? session.setup : setup,
                candidates,
                endOfCandidates || session.endOfCandidates);
    }

    /** RFC 8839 separates options by spaces; OBS writes commas. */
    static List<String> parseIceOptions(@Nullable String value) {
        List<String> options = new ArrayList<>();
        if (value != null) {
            for (String word : Scan.words(value, 16)) {
                for (String option : Scan.split(word, ',')) {
                    if (!option.isEmpty()) {
                        options.add(option);
                    }
                }
            }
        }
        return options;
    }

    static String parseUfrag(String value) {
        return parseCredential(value, UFRAG_CHARS_MIN, "a=ice-ufrag is 4 to 256 characters (RFC 8839 §5.4)");
    }

    static String parsePassword(String value) {
        return parseCredential(value, PASSWORD_CHARS_MIN, "a=ice-pwd is 22 to 256 characters (RFC 8839 §5.4)");
    }

    /** RFC 8839 allows letters, digits, + and /; stacks exist that write more, and only the colon would do harm. */
    private static String parseCredential(String value, int min, String rule) {
        String word = value.strip();
        if (word.length() < min
                || word.length() > CREDENTIAL_CHARS_MAX
                || !Scan.isVisible(word)
                || word.indexOf(':') >= 0) {
            // The text is a secret or close to one: it is not repeated in the message.
            throw SdpException.of(Reason.SYNTAX, "", rule);
        }
        return word;
    }

    private static Setup parseSetup(String value) {
        Setup setup = Setup.of(value.strip());
        if (setup == null) {
            throw SdpException.of(
                    Reason.SYNTAX, value, "a=setup is active, passive, actpass or holdconn (RFC 4145 §4)");
        }
        return setup;
    }

    /** This transport with other credentials, after an ICE restart; candidates stay. */
    public TransportDescription withCredentials(String newUfrag, String newPassword) {
        return new TransportDescription(
                parseUfrag(newUfrag),
                parsePassword(newPassword),
                iceLite,
                iceOptions,
                fingerprints,
                setup,
                candidates,
                endOfCandidates);
    }

    /** This transport with other candidates. */
    public TransportDescription withCandidates(List<String> values, boolean complete) {
        return new TransportDescription(ufrag, password, iceLite, iceOptions, fingerprints, setup, values, complete);
    }

    /** This transport with another DTLS role; null leaves it unsaid. */
    TransportDescription withSetup(@Nullable Setup role) {
        return new TransportDescription(
                ufrag, password, iceLite, iceOptions, fingerprints, role, candidates, endOfCandidates);
    }

    /** This transport as an ICE-lite one. */
    public TransportDescription withIceLite(boolean lite) {
        return new TransportDescription(
                ufrag, password, lite, iceOptions, fingerprints, setup, candidates, endOfCandidates);
    }

    /** This transport with other ICE options. */
    public TransportDescription withIceOptions(List<String> options) {
        return new TransportDescription(
                ufrag, password, iceLite, options, fingerprints, setup, candidates, endOfCandidates);
    }

    /** Everything but the password. */
    @Override
    public String toString() {
        return "TransportDescription[ufrag=" + ufrag + ", iceLite=" + iceLite + ", iceOptions=" + iceOptions
                + ", fingerprints=" + fingerprints + ", setup=" + setup + ", candidates=" + candidates.size()
                + ", endOfCandidates=" + endOfCandidates + ']';
    }
}
