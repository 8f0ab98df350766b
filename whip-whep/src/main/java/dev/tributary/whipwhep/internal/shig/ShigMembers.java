// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

import dev.tributary.whipwhep.spi.CloseReason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who is in the lobbies, found by an unguessable key of ours, or by what they sign in with. Thread-safe. */
final class ShigMembers {
    private static final int KEY_BYTES = 24;

    private final Map<String, ShigMember> byKey = new ConcurrentHashMap<>();
    private final Map<String, ShigMember> byIdentity = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final int membersMax;

    ShigMembers(int membersMax) {
        this.membersMax = membersMax;
    }

    /**
     * By what a client is known.
     *
     * @param cookie which scripts cannot read
     * @param requestToken which scripts of ours can read and those of another site cannot; it goes with the cookie
     */
    record Keys(String cookie, String requestToken) {
        @Override
        public String toString() {
            return "Keys";
        }
    }

    Keys newKeys() {
        return new Keys(newKey(), newKey());
    }

    /** Something that nobody guesses. */
    String newKey() {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    boolean isFull() {
        return byKey.size() >= membersMax;
    }

    /** Somebody comes; who had the same identity goes. */
    void add(ShigMember member, String identity) {
        byKey.put(member.keys().cookie(), member);
        ShigMember before = byIdentity.put(identity, member);
        if (before != null) {
            byKey.remove(before.keys().cookie());
            before.close(CloseReason.REPLACED);
        }
    }

    void remove(ShigMember member, String identity) {
        byKey.remove(member.keys().cookie());
        byIdentity.remove(identity, member);
    }

    @Nullable
    ShigMember ofKey(@Nullable String key) {
        return key == null ? null : byKey.get(key);
    }

    @Nullable
    ShigMember ofIdentity(String identity) {
        return byIdentity.get(identity);
    }

    List<ShigMember> all() {
        return List.copyOf(byKey.values());
    }

    static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
