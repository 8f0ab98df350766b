// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.fediverse;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.RequestSigner;
import dev.tributary.core.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Activities of a hundred strangers, signed before anything is measured: signing costs twenty times what verifying does. */
final class SignedRequests {
    private static final int ACTORS = 100;

    private final KeyPair keys;
    private final int sinkPort;
    private int serial;

    SignedRequests(int sinkPort) {
        this.sinkPort = sinkPort;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2_048);
            keys = generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no RSA", e);
        }
    }

    private String actor(int number) {
        return "http://127.0.0.1:" + sinkPort + "/u/" + number;
    }

    /** The documents of the actors, by path. */
    Map<String, String> documents() {
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        Map<String, String> documents = new HashMap<>();
        for (int i = 0; i < ACTORS; i++) {
            String id = actor(i);
            documents.put(
                    "/u/" + i,
                    ApObject.ofType("Person")
                            .with("@context", List.of(ApObject.CONTEXT, "https://w3id.org/security/v1"))
                            .with("id", id)
                            .with("preferredUsername", "u" + i)
                            .with("inbox", id + "/inbox")
                            .with("publicKey", Map.of("id", id + "#main-key", "owner", id, "publicKeyPem", pem))
                            .json());
        }
        return documents;
    }

    /** So many Create(Note), each new, in 1 KB. */
    List<byte[]> creates(int count, String inbox) {
        int first = serial;
        serial += count;
        return IntStream.range(first, first + count)
                .parallel()
                .mapToObj(i -> create(i, URI.create(inbox)))
                .toList();
    }

    private byte[] create(int number, URI inbox) {
        String actor = actor(number % ACTORS);
        byte[] body = ApObject.ofType("Create")
                .with("@context", ApObject.CONTEXT)
                .with("id", actor + "/activities/" + number)
                .with("actor", actor)
                .with("to", List.of(ApObject.PUBLIC))
                .with(
                        "object",
                        ApObject.ofType("Note")
                                .with("id", actor + "/notes/" + number)
                                .with("attributedTo", actor)
                                .with("content", "Something that somebody says. ".repeat(20)))
                .json()
                .getBytes(StandardCharsets.UTF_8);
        HttpHeaders headers = RequestSigner.of(actor + "#main-key", keys.getPrivate())
                .sign("POST", inbox, HttpHeaders.of("Content-Type", "application/activity+json"), body);
        StringBuilder head = new StringBuilder("POST " + inbox.getPath() + " HTTP/1.1\r\n");
        headers.entries()
                .forEach(field -> head.append(field.getKey())
                        .append(": ")
                        .append(field.getValue())
                        .append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        return RequestLoad.bytes(head.toString(), body);
    }

    /** The same GET so many times. */
    static List<byte[]> gets(int count, URI url) {
        byte[] one = RequestLoad.bytes(
                "GET " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                        + "\r\nAccept: application/activity+json\r\n\r\n",
                new byte[0]);
        return java.util.Collections.nCopies(count, one);
    }
}
