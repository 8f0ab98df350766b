// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.actor;

import dev.tributary.activitypub.ApObject;
import dev.tributary.activitypub.LocalActor;
import dev.tributary.activitypub.LocalActor.Kind;
import dev.tributary.activitypub.RequestSigner;
import dev.tributary.activitypub.internal.signature.Pem;
import dev.tributary.activitypub.spi.Store;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Our actors, read from the store once and kept in memory. Thread-safe. */
public final class Identities {
    private static final String COLLECTION = "actors";
    private static final int USERNAME_LENGTH = 60;

    private final Store store;
    private final Urls urls;
    private final InstantSource clock;
    private final Supplier<KeyPair> keyPairs;
    private final Map<String, Identity> byId = new ConcurrentHashMap<>();
    private final Map<String, Identity> byUsername = new ConcurrentHashMap<>();

    /** The actors of a store. */
    public Identities(Store store, Urls urls, InstantSource clock, Supplier<KeyPair> keyPairs) {
        this.keyPairs = keyPairs;
        this.store = store;
        this.urls = urls;
        this.clock = clock;
        store.transact(tx -> tx.list(COLLECTION, "", Integer.MAX_VALUE))
                .forEach(entry -> remember(read(ApObject.parse(entry.document()))));
    }

    /** The actor of a user name; made, with a new key, when there is none. */
    public synchronized Identity obtain(Kind kind, String username, String name, String ownerId) {
        if (!isUsername(username)) {
            throw new IllegalArgumentException(
                    "Not a user name: " + username + "; expected 1 to 60 letters, digits and underscores");
        }
        Identity known = byUsername.get(username.toLowerCase(Locale.ROOT));
        if (known != null) {
            if (known.actor().kind() != kind) {
                // PeerTube knows actors by name and host: one name cannot be two of them.
                throw new IllegalArgumentException("The user name " + username + " is taken by a "
                        + known.actor().kind());
            }
            return known;
        }
        KeyPair keys = keyPairs.get();
        ApObject document = ApObject.ofType(kind.name())
                .with("username", username)
                .with("name", name)
                .with("owner", ownerId)
                .with("published", clock.instant().toString())
                .with("privateKey", Pem.write(keys.getPrivate()))
                .with("publicKey", Pem.write(keys.getPublic()));
        store.transact(tx -> {
            tx.put(COLLECTION, username.toLowerCase(Locale.ROOT), document.json());
            return true;
        });
        return remember(read(document));
    }

    private static boolean isUsername(String username) {
        return !username.isEmpty()
                && username.length() <= USERNAME_LENGTH
                && username.chars()
                        .allMatch(
                                c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_');
    }

    private Identity read(ApObject document) {
        Kind kind = Kind.valueOf(document.type());
        String username = document.string("username").orElseThrow();
        String id = urls.actor(kind, username);
        LocalActor actor = new LocalActor(
                id,
                kind,
                username,
                document.string("name").orElse(username),
                username + "@" + urls.authority(),
                document.string("owner").orElse(""));
        RequestSigner signer = RequestSigner.of(
                        id + "#main-key",
                        Pem.readPrivate(document.string("privateKey").orElseThrow()))
                .withClock(clock);
        return new Identity(
                actor,
                signer,
                document.string("publicKey").orElseThrow(),
                document.string("published").orElse(""));
    }

    private Identity remember(Identity identity) {
        byId.put(identity.id(), identity);
        byUsername.put(identity.actor().username().toLowerCase(Locale.ROOT), identity);
        return identity;
    }

    /** The actor of an id. */
    public Optional<Identity> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The actor of an id that is one of ours. */
    public Identity get(String id) {
        @Nullable Identity identity = byId.get(id);
        if (identity == null) {
            throw new IllegalArgumentException("Not an actor of this instance: " + id);
        }
        return identity;
    }

    /** The actor of a user name, in any case. */
    public Optional<Identity> byUsername(String username) {
        return Optional.ofNullable(byUsername.get(username.toLowerCase(Locale.ROOT)));
    }

    /** All of them. */
    public List<Identity> all() {
        return List.copyOf(byId.values());
    }
}
