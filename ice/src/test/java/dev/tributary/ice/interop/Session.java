// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import dev.tributary.testkit.foreign.ForeignProgram;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An endpoint of ours and a foreign agent, with the signalling between them. */
final class Session implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(15);

    final Endpoint ours;
    final ForeignProgram theirs;
    final List<Candidate> candidates = new ArrayList<>();
    private final boolean isLite;

    private Session(Endpoint ours, ForeignProgram theirs, boolean isLite) {
        this.ours = ours;
        this.theirs = theirs;
        this.isLite = isLite;
    }

    static Session lite(String bindAddress, ForeignProgram theirs) {
        return new Session(new Endpoint(bindAddress, IceAgent.lite(credentials())), theirs, true);
    }

    static Session full(IceRole role, String bindAddress, ForeignProgram theirs) {
        return new Session(new Endpoint(bindAddress, IceAgent.full(role, credentials())), theirs, false);
    }

    private static IceCredentials credentials() {
        return IceCredentials.generate(new SecureRandom());
    }

    /** Exchanges credentials and candidates; the foreign agent may start. */
    Session signal() {
        String[] remote = theirs.awaitLine("LOCAL", PATIENCE).split(" ");
        String line;
        while (!(line = theirs.awaitLine(
                        text -> text.startsWith("CANDIDATE") || text.startsWith("GATHERED"), "candidates", PATIENCE))
                .startsWith("GATHERED")) {
            Candidate candidate = Candidate.parse(line.substring("CANDIDATE ".length()));
            if (candidate != null) {
                candidates.add(candidate);
            }
        }
        ours.tell(agent -> {
            agent.addLocalCandidate(Candidate.host(ours.address(), 65535));
            agent.setRemoteCredentials(new IceCredentials(remote[0], remote[1]), ours.now());
            candidates.forEach(candidate -> agent.addRemoteCandidate(candidate, ours.now()));
            theirs.send("REMOTE " + agent.localCredentials().ufrag() + " "
                    + agent.localCredentials().pwd());
            if (isLite) {
                theirs.send("LITE");
            }
            agent.localCandidates().forEach(candidate -> theirs.send("CANDIDATE " + candidate.format()));
        });
        theirs.send("GO");
        return this;
    }

    /** Waits until both sides are connected and media has gone there and back. */
    Session connect() {
        signal();
        ours.await("connected", PATIENCE, agent -> agent.state() == IceState.CONNECTED);
        theirs.awaitLine("CONNECTED", PATIENCE);
        awaitMedia();
        return this;
    }

    /** Waits for 25 more datagrams that have gone there and back. */
    void awaitMedia() {
        theirs.awaitLine("ECHOED", PATIENCE);
    }

    @Override
    public void close() {
        theirs.close();
        ours.close();
    }
}
