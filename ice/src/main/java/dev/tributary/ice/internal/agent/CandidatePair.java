// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.internal.agent;

import dev.tributary.ice.CandidateType;
import dev.tributary.ice.Diagnosis;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Our one socket and one remote address (RFC 8445 §6.1.2). All local candidates share their base, so a pair is its
 * remote address.
 */
final class CandidatePair {
    /** RFC 8445 §6.1.2.6, without Frozen: one component of one stream has nothing to wait for. */
    enum State {
        WAITING("waiting"),
        IN_PROGRESS("in progress"),
        SUCCEEDED("succeeded"),
        FAILED("failed");

        final String words;

        State(String words) {
            this.words = words;
        }
    }

    final InetSocketAddress remote;
    final byte[] ip;
    CandidateType type;
    long remotePriority;
    State state = State.WAITING;

    /** The check under way, repeated until it is answered or given up. */
    @Nullable
    Transaction check;
    /** A check that a triggered one replaced: not repeated, but its answer still counts (RFC 8445 §7.3.1.4). */
    @Nullable
    Transaction cancelled;
    /** The last consent checks: sent once each. */
    final @Nullable Transaction[] consents = new Transaction[4];

    private int nextConsent;

    boolean triggered;
    /** Controlling: the next check carries USE-CANDIDATE. Controlled: the peer nominated it, and it waits to succeed. */
    boolean nominated;

    /** When consent began anew: the last answer, or the selection of a pair that was proven long before. */
    long consentedAt = -1;

    long answeredAt = -1;
    long askedAt = -1;
    /** When authenticated data came over this pair: no consent, but a sign of life. */
    long dataAt = -1;
    /** The usual pause between data, smoothed. */
    long dataPauseNanos;

    long rttNanos = -1;
    long checksSent;
    long checksReceived;
    long answersReceived;

    CandidatePair(InetSocketAddress remote, CandidateType type, long remotePriority) {
        this.remote = remote;
        this.ip = Addresses.bytes(remote);
        this.type = type;
        this.remotePriority = remotePriority;
    }

    /** When the peer was last heard over this pair. */
    long heardAt() {
        return Math.max(answeredAt, askedAt);
    }

    /** A check of ours was answered. {@code measuredNanos} is -1 when the round trip is not known. */
    void answered(long measuredNanos, long now) {
        answersReceived++;
        answeredAt = now;
        consentedAt = now;
        if (measuredNanos >= 0) {
            rttNanos = measuredNanos;
        }
    }

    void dataArrived(long now) {
        if (dataAt >= 0) {
            dataPauseNanos += (now - dataAt - dataPauseNanos) >> 3;
        }
        dataAt = now;
    }

    boolean isLive() {
        return state == State.WAITING || state == State.IN_PROGRESS;
    }

    /** RFC 8445 §6.1.2.3. */
    long priority(long localPriority, boolean controlling) {
        long g = controlling ? localPriority : remotePriority;
        long d = controlling ? remotePriority : localPriority;
        return (Math.min(g, d) << 32) + 2 * Math.max(g, d) + (g > d ? 1 : 0);
    }

    void addConsent(Transaction transaction) {
        consents[nextConsent] = transaction;
        nextConsent = (nextConsent + 1) % consents.length;
    }

    /** Takes the transaction that a response belongs to, so that it counts once; null when it is none of ours. */
    @Nullable
    Transaction take(long high, int low) {
        Transaction found = null;
        if (check != null && check.matches(high, low)) {
            found = check;
            check = null;
        } else if (cancelled != null && cancelled.matches(high, low)) {
            found = cancelled;
            cancelled = null;
        } else {
            for (int i = 0; i < consents.length; i++) {
                Transaction consent = consents[i];
                if (consent != null && consent.matches(high, low)) {
                    found = consent;
                    consents[i] = null;
                }
            }
        }
        return found;
    }

    boolean has(long high, int low) {
        if (check != null && check.matches(high, low) || cancelled != null && cancelled.matches(high, low)) {
            return true;
        }
        for (Transaction consent : consents) {
            if (consent != null && consent.matches(high, low)) {
                return true;
            }
        }
        return false;
    }

    void cancelCheck() {
        if (check != null) {
            cancelled = check;
            check = null;
        }
    }

    Diagnosis.Pair report(boolean selected) {
        return new Diagnosis.Pair(
                Addresses.text(remote),
                type,
                state.words,
                selected,
                checksSent,
                checksReceived,
                answersReceived,
                rttNanos < 0 ? -1 : rttNanos / 1_000_000);
    }
}
