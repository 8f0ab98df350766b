// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.core.http.HttpHeaders;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** RFC 9421 HTTP Message Signatures over requests, in the profile that Mastodon and Fedify share: RSA, one signature. */
public final class MessageSignature {
    private static final String ALGORITHM = "rsa-v1_5-sha256";

    private MessageSignature() {}

    /** The header fields of a request with Host, Date, Content-Digest (with a body), and the signature's two added. */
    public static HttpHeaders sign(SignableRequest request, String keyId, PrivateKey key, Instant now) {
        HttpHeaders headers =
                Unsigned.of(request.headers()).with("Host", request.authority()).with("Date", HttpDate.write(now));
        List<String> components = List.of("@method", "@target-uri");
        if (request.needsDigest()) {
            headers = headers.with("Content-Digest", Digests.contentDigest(request.body()));
            components = List.of("@method", "@target-uri", "content-digest");
        }
        SignableRequest ready = new SignableRequest(
                request.method(), request.scheme(), request.authority(), request.target(), headers, request.body());
        String input = "(\"" + String.join("\" \"", components) + "\");created=" + now.getEpochSecond() + ";keyid=\""
                + keyId + "\";alg=\"" + ALGORITHM + "\"";
        String signature = Base64.getEncoder().encodeToString(Claim.sign(base(ready, components, input), key));
        return headers.with("Signature-Input", "sig1=" + input).with("Signature", "sig1=:" + signature + ":");
    }

    /**
     * Reads the signature of a request and checks all that needs no key.
     *
     * @throws ActivityPubException if it does not parse, covers too little, or is out of time
     */
    static Claim read(SignableRequest request, Limits limits, Instant now) {
        Map<String, StructuredFields.InnerList> inputs =
                StructuredFields.innerLists(bounded(request, "Signature-Input", limits));
        Map<String, byte[]> signatures = StructuredFields.byteSequences(bounded(request, "Signature", limits));
        if (inputs.size() != 1 || !inputs.keySet().equals(signatures.keySet())) {
            // Mastodon's rule: with several signatures it would be open which of them counts.
            throw new ActivityPubException(Reason.MALFORMED, "Signature-Input: exactly one signature is accepted");
        }
        StructuredFields.InnerList input = inputs.values().iterator().next();
        byte[] signature = signatures.values().iterator().next();
        List<String> components = components(request, input, limits);
        Map<String, Object> parameters = input.parameters();
        if (!(parameters.get("keyid") instanceof String keyId)) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature-Input: no keyid");
        }
        if (parameters.containsKey("alg") && !ALGORITHM.equals(parameters.get("alg"))) {
            throw new ActivityPubException(Reason.SIGNATURE_ALGORITHM, "Signature-Input: alg is not accepted");
        }
        checkTime(parameters, limits, now);
        if (components.contains("content-digest")) {
            Digests.check(component(request, "content-digest"), request.body());
        }
        String base = base(request, components, input.source());
        return new Claim(SignatureScheme.RFC9421, Claim.checkKeyId(keyId, limits), List.of(base), signature);
    }

    private static String bounded(SignableRequest request, String name, Limits limits) {
        String value = request.field(name);
        if (value == null || value.length() > limits.signatureHeaderLength()) {
            throw new ActivityPubException(Reason.MALFORMED, name + ": missing or too long");
        }
        return value;
    }

    private static List<String> components(SignableRequest request, StructuredFields.InnerList input, Limits limits) {
        if (input.items().stream().anyMatch(StructuredFields.Item::parameterised)) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature-Input: component parameters are not accepted");
        }
        List<String> components =
                input.items().stream().map(StructuredFields.Item::value).toList();
        Set<String> covered = new HashSet<>(components);
        if (components.size() > limits.signatureComponents() || covered.size() != components.size()) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature-Input: too many components, or one twice");
        }
        boolean target = covered.contains("@target-uri")
                || covered.contains("@authority")
                        && (covered.contains("@request-target")
                                || covered.contains("@path")
                                        && (request.path().equals(request.target()) || covered.contains("@query")));
        if (!covered.contains("@method") || !target) {
            throw new ActivityPubException(
                    Reason.SIGNATURE_COVERAGE, "Signature-Input: has to cover @method and @target-uri");
        }
        if (request.needsDigest() && !covered.contains("content-digest")) {
            throw new ActivityPubException(Reason.SIGNATURE_COVERAGE, "Signature-Input: has to cover content-digest");
        }
        return components;
    }

    private static void checkTime(Map<String, Object> parameters, Limits limits, Instant now) {
        if (!(parameters.get("created") instanceof Long created)) {
            throw new ActivityPubException(
                    Reason.SIGNATURE_COVERAGE, "Signature-Input: has to say when it was created");
        }
        Claim.checkTime(Claim.instant(created), now, limits);
        @Nullable Object expires = parameters.get("expires");
        if (expires != null
                && !(expires instanceof Long seconds && !Claim.instant(seconds).isBefore(now))) {
            throw new ActivityPubException(Reason.SIGNATURE_TIME, "The signature has expired");
        }
    }

    private static String base(SignableRequest request, List<String> components, String input) {
        StringBuilder base = new StringBuilder();
        for (String name : components) {
            base.append('"')
                    .append(name)
                    .append("\": ")
                    .append(component(request, name))
                    .append('\n');
        }
        return base.append("\"@signature-params\": ").append(input).toString();
    }

    private static String component(SignableRequest request, String name) {
        String query = request.target().substring(request.path().length());
        return switch (name) {
            case "@method" -> request.method();
            case "@target-uri" -> request.scheme() + "://" + request.authority() + request.target();
            case "@authority", "host" -> request.authority();
            case "@scheme" -> request.scheme();
            case "@request-target" -> request.target();
            case "@path" -> request.path();
            // RFC 9421 2.2.7: an absent query is a lone question mark.
            case "@query" -> query.isEmpty() ? "?" : query;
            default -> field(request, name);
        };
    }

    private static String field(SignableRequest request, String name) {
        String value = name.equals(name.toLowerCase(Locale.ROOT)) && !name.isEmpty() ? request.field(name) : null;
        if (value == null) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature-Input: covers a component that is not there");
        }
        return value;
    }
}
