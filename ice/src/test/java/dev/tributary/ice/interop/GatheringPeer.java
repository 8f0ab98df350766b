// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.core.StreamAddress;
import dev.tributary.ice.Candidate;
import dev.tributary.ice.CandidateType;
import dev.tributary.ice.GatheringAgent;
import dev.tributary.ice.IceAgent;
import dev.tributary.ice.IceCredentials;
import dev.tributary.ice.IceEvent;
import dev.tributary.ice.IceRole;
import dev.tributary.ice.IceServer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Our {@link GatheringAgent} as a program, so that it can live in a network namespace; talks as the package says. */
final class GatheringPeer {
    private static final int ECHOES_TOLD = 25;

    private final PrintStream out = System.out;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final long origin = System.nanoTime();
    private final boolean relayOnly;
    private IceAgent agent;
    private long echoed;
    private boolean talks;

    private GatheringPeer(List<String> options) throws Exception {
        relayOnly = options.contains("relay");
        GatheringAgent.Builder builder = GatheringAgent.builder(
                IceRole.valueOf(options.get(0).toUpperCase(Locale.ROOT)),
                (datagram, source) -> loop.execute(this::countEcho),
                () -> loop.execute(this::drain));
        Optional<String> server = option(options, "server=");
        if (server.isPresent()) {
            builder.server(
                    server.get().startsWith("stun")
                            ? IceServer.stun(server.get())
                            : IceServer.turn(
                                    List.of(server.get()),
                                    option(options, "user=").orElseThrow(),
                                    option(options, "password=").orElseThrow()));
        }
        Optional<String> certificate = option(options, "trust=");
        if (certificate.isPresent()) {
            builder.tls(trusting(Path.of(certificate.get())));
        }
        loop.execute(() -> {
            agent = builder.build();
            out.println("LOCAL " + agent.localCredentials().ufrag() + " "
                    + agent.localCredentials().pwd());
        });
        loop.scheduleAtFixedRate(this::talk, 20, 20, TimeUnit.MILLISECONDS);
    }

    private static Optional<String> option(List<String> options, String name) {
        return options.stream()
                .filter(option -> option.startsWith(name))
                .map(option -> option.substring(name.length()))
                .findFirst();
    }

    private static SSLSocketFactory trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "turn", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    public static void main(String[] arguments) throws Exception {
        GatheringPeer peer = new GatheringPeer(Arrays.asList(arguments));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            String said = line;
            peer.loop.execute(() -> peer.hear(said));
        }
        System.exit(0);
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    private void hear(String line) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "REMOTE" -> agent.setRemoteCredentials(new IceCredentials(words[1], words[2]), now());
            case "LITE" -> agent.setRemoteLite(now());
            case "CANDIDATE" -> agent.addRemoteCandidate(Candidate.parse(line.substring("CANDIDATE ".length())), now());
            case "DIAGNOSIS" -> out.println("DIAGNOSIS " + agent.diagnosis().summary());
            default -> {
                // GO: the agent went already.
            }
        }
        drain();
    }

    private void drain() {
        for (IceEvent event; agent != null && (event = agent.pollEvent()) != null; ) {
            if (event instanceof IceEvent.CandidateGathered gathered) {
                if (!relayOnly || gathered.candidate().type() == CandidateType.RELAYED) {
                    out.println("CANDIDATE " + gathered.candidate().format());
                }
            } else if (event instanceof IceEvent.GatheringEnded) {
                out.println("GATHERED");
            } else if (event instanceof IceEvent.PathSelected) {
                out.println("CONNECTED");
                talks = true;
            } else if (event instanceof IceEvent.StateChanged change) {
                out.println(change.to());
            }
        }
    }

    private void talk() {
        if (agent == null) {
            return;
        }
        if (agent.nextTimeoutNanos() <= now()) {
            agent.handleTimeout(now());
        }
        drain();
        if (talks && agent.selectedAddress() instanceof StreamAddress path) {
            byte[] datagram = new byte[100];
            datagram[0] = (byte) 0x80;
            path.send(datagram, 0, datagram.length);
        }
    }

    private void countEcho() {
        if (++echoed % ECHOES_TOLD == 0) {
            out.println("ECHOED " + echoed);
        }
    }
}
