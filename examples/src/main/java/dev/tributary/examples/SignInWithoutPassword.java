// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whoever says that they are alice is alice. For a demo on one's own machine only, so it refuses to work on a server that
 * other machines can reach. A product puts its own accounts here; all that the rest needs is {@link #account}.
 */
final class SignInWithoutPassword {
    /** Sign-ins remembered; the oldest is forgotten, and has to sign in again. */
    static final int TOKENS_MAX = 1_000;

    private static final int TOKEN_BYTES = 24;

    private final Accounts accounts;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Account> byToken = new LinkedHashMap<>();

    /**
     * Sign-in for a server.
     *
     * @param boundTo the address that the server listens on
     * @throws IllegalStateException if other machines can reach it
     */
    SignInWithoutPassword(Accounts accounts, String boundTo) {
        if (!isLoopback(boundTo)) {
            throw new IllegalStateException(
                    "This server signs people in without a password, so it listens on a loopback" + " address only; "
                            + boundTo + " is none. Use 127.0.0.1, or bring accounts of your own");
        }
        this.accounts = accounts;
    }

    private static boolean isLoopback(String host) {
        try {
            return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** A token for an account, or nothing when there is no such account. */
    Optional<String> signIn(String name) {
        return accounts.find(name).map(this::newToken);
    }

    private synchronized String newToken(Account account) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        byToken.put(token, account);
        if (byToken.size() > TOKENS_MAX) {
            Iterator<String> oldest = byToken.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return token;
    }

    /** Whose token it is. */
    synchronized Optional<Account> account(String token) {
        return Optional.ofNullable(byToken.get(token));
    }
}
