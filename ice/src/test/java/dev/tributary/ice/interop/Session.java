// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.ice.Candidate;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceState;
import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.NetworkNamespace;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An endpoint of ours and a foreign agent, with the signalling between them. */
final class Session implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final Endpoint ours;
    final ForeignProgram theirs;
    final List<Candidate> candidates = new ArrayList<>();
    private final boolean isLite;
    private final boolean echoesMedia;
    private boolean overTcp;
    private Optional<List<Candidate>> toldFirst = Optional.empty();

    private Session(Endpoint ours, ForeignAgent foreign, ForeignProgram theirs, boolean isLite) {
        this.ours = ours;
        this.theirs = theirs;
        this.isLite = isLite;
        this.echoesMedia = foreign.echoesMedia();
    }

    /** Our lite agent on an address of ours, and the foreign agent in its network, with options. */
    static Session lite(String ourAddress, ForeignAgent foreign, NetworkNamespace network, String... options) {
        ForeignProgram theirs = foreign.start(network, "controlling", options);
        return new Session(new Endpoint(ourAddress, IceAgent.lite(credentials())), foreign, theirs, true);
    }

    /** Our full agent in a role; the foreign one begins with the other role. */
    static Session full(
            IceRole role, String ourAddress, ForeignAgent foreign, NetworkNamespace network, String... options) {
        String theirRole = role.opposite().name().toLowerCase(Locale.ROOT);
        ForeignProgram theirs = foreign.start(network, theirRole, options);
        return new Session(new Endpoint(ourAddress, IceAgent.full(role, credentials())), foreign, theirs, false);
    }

    private static IceCredentials credentials() {
        return IceCredentials.generate(new SecureRandom());
    }

    /** The peer is told our TCP port alone. */
    Session overTcp() {
        overTcp = true;
        return this;
    }

    /** The peer is told other candidates at first; ours follow with {@link #trickle}. */
    Session telling(Candidate... others) {
        toldFirst = Optional.of(List.of(others));
        return this;
    }

    /** Tells the peer our candidates. */
    void trickle() {
        ours.tell(agent -> agent.localCandidates().forEach(this::tell));
    }

    private void tell(Candidate candidate) {
        theirs.send("CANDIDATE " + candidate.format());
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
            agent.addLocalCandidate(
                    overTcp ? Candidate.tcpPassive(ours.listen(), 8191) : Candidate.host(ours.address(), 65535));
            agent.setRemoteCredentials(new IceCredentials(remote[0], remote[1]), ours.now());
            candidates.forEach(candidate -> agent.addRemoteCandidate(candidate, ours.now()));
            theirs.send("REMOTE " + agent.localCredentials().ufrag() + " "
                    + agent.localCredentials().pwd());
            if (isLite) {
                theirs.send("LITE");
            }
            toldFirst.orElse(agent.localCandidates()).forEach(this::tell);
        });
        theirs.send("GO");
        return this;
    }

    /** Waits until both sides are connected and media has gone there and back. */
    Session connect() {
        signal();
        ours.await("connected", PATIENCE, agent -> agent.state() == IceState.CONNECTED);
        if (echoesMedia) {
            theirs.awaitLine("CONNECTED", PATIENCE);
        }
        awaitMedia();
        return this;
    }

    /** Waits for 25 more datagrams that have gone there and back; for the first that comes, from who counts no echoes. */
    void awaitMedia() {
        if (echoesMedia) {
            theirs.awaitLine("ECHOED", PATIENCE);
        } else {
            ours.await("reached by media", PATIENCE, agent -> ours.media() > 0);
        }
    }

    @Override
    public void close() {
        theirs.close();
        ours.close();
    }
}
