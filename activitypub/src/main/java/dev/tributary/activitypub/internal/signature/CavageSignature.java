// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import dev.tributary.activitypub.Limits;
import dev.tributary.activitypub.SignatureScheme;
import dev.tributary.core.http.HttpHeaders;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * draft-cavage-http-signatures-12 as the Fediverse deploys it.
 *
 * <p>What is emitted is exact on purpose: an explicit {@code algorithm}, no blanks after commas (Owncast splits on
 * them), {@code (request-target) host date} and, with a body, {@code digest}.
 */
public final class CavageSignature {
    private static final String REQUEST_TARGET = "(request-target)";
    private static final String CREATED = "(created)";
    private static final String EXPIRES = "(expires)";

    private CavageSignature() {}

    /** The header fields of a request with Host, Date, Digest (with a body) and Signature added. */
    public static HttpHeaders sign(SignableRequest request, String keyId, PrivateKey key, Instant now) {
        HttpHeaders headers =
                Unsigned.of(request.headers()).with("Host", request.authority()).with("Date", HttpDate.write(now));
        String names = "(request-target) host date";
        if (request.needsDigest()) {
            headers = headers.with("Digest", Digests.digest(request.body()));
            names += " digest";
        }
        SignableRequest ready = new SignableRequest(
                request.method(), request.scheme(), request.authority(), request.target(), headers, request.body());
        String base = base(ready, List.of(names.split(" ")), request.target(), Map.of());
        String signature = Base64.getEncoder().encodeToString(Claim.sign(base, key));
        return headers.with(
                "Signature",
                "keyId=\"" + keyId + "\",algorithm=\"rsa-sha256\",headers=\"" + names + "\",signature=\"" + signature
                        + "\"");
    }

    /**
     * Reads the signature of a request and checks all that needs no key.
     *
     * @throws ActivityPubException if there is none, it does not parse, covers too little, or is out of time
     */
    static Claim read(SignableRequest request, Limits limits, Instant now) {
        List<String> values = request.headers().all("Signature");
        if (values.isEmpty()) {
            throw new ActivityPubException(Reason.SIGNATURE_MISSING, "The request is not signed");
        }
        if (values.size() > 1 || values.get(0).length() > limits.signatureHeaderLength()) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature: more than one, or too long");
        }
        Map<String, String> parameters = parameters(values.get(0));
        String keyId = Claim.checkKeyId(required(parameters, "keyid"), limits);
        String algorithm = parameters.getOrDefault("algorithm", "hs2019").toLowerCase(Locale.ROOT);
        if (!algorithm.equals("rsa-sha256") && !algorithm.equals("hs2019")) {
            throw new ActivityPubException(Reason.SIGNATURE_ALGORITHM, "Signature: algorithm is not accepted");
        }
        List<String> names = List.of(parameters
                .getOrDefault("headers", "date")
                .toLowerCase(Locale.ROOT)
                .split(" ", -1));
        checkCoverage(request, names, algorithm, limits);
        checkTime(request, parameters, names, limits, now);
        if (names.contains("digest")) {
            Digests.check(required(request, "digest"), request.body());
        }

        List<String> bases = new ArrayList<>();
        bases.add(base(request, names, request.target(), parameters));
        if (!request.path().equals(request.target())) {
            // Some senders leave the query out of (request-target).
            bases.add(base(request, names, request.path(), parameters));
        }
        return new Claim(SignatureScheme.CAVAGE, keyId, bases, decode(required(parameters, "signature")));
    }

    private static void checkCoverage(SignableRequest request, List<String> names, String algorithm, Limits limits) {
        Set<String> distinct = new HashSet<>(names);
        if (names.size() > limits.signatureComponents() || distinct.size() != names.size()) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature: too many headers, or one twice");
        }
        boolean dated = distinct.contains("date") || distinct.contains(CREATED);
        if (!distinct.contains(REQUEST_TARGET) || !distinct.contains("host") || !dated) {
            throw new ActivityPubException(
                    Reason.SIGNATURE_COVERAGE, "Signature: has to cover (request-target), host and date");
        }
        if (request.needsDigest() && !distinct.contains("digest")) {
            throw new ActivityPubException(Reason.SIGNATURE_COVERAGE, "Signature: has to cover the digest of the body");
        }
        if (algorithm.equals("rsa-sha256") && (distinct.contains(CREATED) || distinct.contains(EXPIRES))) {
            // draft-cavage-12 2.3: (created) and (expires) MUST NOT be used with algorithms that begin with rsa.
            throw new ActivityPubException(Reason.MALFORMED, "Signature: (created) needs hs2019");
        }
    }

    private static void checkTime(
            SignableRequest request, Map<String, String> parameters, List<String> names, Limits limits, Instant now) {
        if (names.contains("date")) {
            if (request.headers().all("Date").size() != 1) {
                throw new ActivityPubException(Reason.MALFORMED, "Date: exactly one is needed");
            }
            Claim.checkTime(HttpDate.read(required(request, "date")), now, limits);
        }
        if (names.contains(CREATED)) {
            Claim.checkTime(Claim.instant(seconds(required(parameters, "created"))), now, limits);
        }
        String expires = parameters.get("expires");
        if (expires != null && Claim.instant(seconds(expires)).isBefore(now)) {
            throw new ActivityPubException(Reason.SIGNATURE_TIME, "The signature has expired");
        }
    }

    private static String base(
            SignableRequest request, List<String> names, String target, Map<String, String> parameters) {
        StringBuilder base = new StringBuilder();
        for (String name : names) {
            String value = switch (name) {
                case REQUEST_TARGET -> request.method().toLowerCase(Locale.ROOT) + " " + target;
                case CREATED -> required(parameters, "created");
                case EXPIRES -> required(parameters, "expires");
                // Our own name, not what the sender wrote: a signature for another host must not verify here.
                case "host" -> request.authority();
                default -> required(request, name);
            };
            base.append(base.length() == 0 ? "" : "\n")
                    .append(name)
                    .append(": ")
                    .append(value);
        }
        return base.toString();
    }

    private static String required(SignableRequest request, String name) {
        String value = name.isEmpty() ? null : request.field(name);
        if (value == null) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature: covers a header field that is not there");
        }
        return value;
    }

    private static String required(Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        if (value == null || value.isEmpty()) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature: no " + name);
        }
        return value;
    }

    private static long seconds(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature: a time is not a number", e);
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ActivityPubException(Reason.MALFORMED, "Signature: not base64", e);
        }
    }

    /** Reads {@code name="value",name=123} in one pass; names in lower case, each at most once. */
    private static Map<String, String> parameters(String header) {
        // Old PeerTube versions put the scheme of the Authorization header in front.
        String text = header.startsWith("Signature ") ? header.substring("Signature ".length()) : header;
        Map<String, String> parameters = new HashMap<>();
        int at = 0;
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                throw new ActivityPubException(Reason.MALFORMED, "Signature: a parameter without a value");
            }
            String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
            int from = equals + 1;
            boolean quoted = from < text.length() && text.charAt(from) == '"';
            int to = text.indexOf(quoted ? '"' : ',', quoted ? from + 1 : from);
            if (quoted && to < 0) {
                throw new ActivityPubException(Reason.MALFORMED, "Signature: a quote that does not close");
            }
            to = to < 0 ? text.length() : to;
            @Nullable
            String before = parameters.put(
                    name, text.substring(quoted ? from + 1 : from, to).strip());
            if (name.isEmpty() || before != null) {
                throw new ActivityPubException(Reason.MALFORMED, "Signature: a parameter twice or without a name");
            }
            int comma = text.indexOf(',', to);
            at = comma < 0 ? text.length() : comma + 1;
        }
        return parameters;
    }
}
