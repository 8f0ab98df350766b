// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Records descriptions of other software into a folder: {@code RecordPeers <folder> <command of the peer program>...}. The peer
 * programs lie beside the recordings; they take one command a line and answer {@code OK}, {@code SDP <text in base 64>} or
 * {@code ERROR <why>}. What a peer cannot do is said on the standard error and left out. No test runs this.
 */
final class RecordPeers {
    private final Path folder;
    private final List<String> command;

    private RecordPeers(Path folder, List<String> command) {
        this.folder = folder;
        this.command = command;
    }

    public static void main(String[] args) throws IOException {
        var recorder = new RecordPeers(
                Files.createDirectories(Path.of(args[0])), List.of(args).subList(1, args.length));
        recorder.attempt("offer-whip", recorder::sending);
        recorder.attempt("offer-whip-no-candidates", recorder::sendingEarly);
        recorder.attempt("offer-whep", recorder::receiving);
        recorder.attempt("offer-sendrecv", recorder::both);
        recorder.attempt("offer-datachannel", recorder::dataChannel);
        recorder.attempt("offer-simulcast", recorder::simulcast);
        recorder.attempt("answer-simulcast", recorder::answerToSimulcast);
        recorder.attempt("exchange", recorder::exchange);
        recorder.attempt("session", recorder::session);
        recorder.attempt("publish", recorder::publish);
    }

    private void attempt(String what, Runnable recording) {
        try {
            recording.run();
            System.err.println(what + ": recorded");
        } catch (IllegalStateException cannot) {
            System.err.println(what + ": " + cannot.getMessage());
        }
    }

    private void sending() {
        try (Program peer = start()) {
            peer.all("fresh", "add audio send", "add video send");
            save("offer-whip", peer.take("offer"));
        }
    }

    private void sendingEarly() {
        try (Program peer = start()) {
            peer.all("fresh", "add audio send", "add video send", "channel");
            save("offer-whip-no-candidates", peer.take("create"));
        }
    }

    private void both() {
        try (Program peer = start()) {
            peer.all("fresh", "add audio both", "add video both");
            save("offer-sendrecv", peer.take("offer"));
        }
    }

    private void receiving() {
        try (Program peer = start()) {
            peer.all("fresh", "add audio receive", "add video receive", "channel");
            save("offer-whep", peer.take("offer"));
        }
    }

    private void dataChannel() {
        try (Program peer = start()) {
            peer.all("fresh", "channel");
            save("offer-datachannel", peer.take("offer"));
        }
    }

    private void simulcast() {
        try (Program peer = start()) {
            peer.all("fresh", "add audio send", "simulcast q,h,f");
            save("offer-simulcast", peer.take("offer"));
        }
    }

    private void answerToSimulcast() {
        try (Program peer = start()) {
            peer.all("fresh");
            save(
                    "answer-simulcast",
                    peer.take("answer", Peers.simulcastPublisher().createOffer().write()));
        }
    }

    /** Two of the same software: tracks come, become inactive, are stopped, come again; and an offer is cancelled. */
    private void exchange() {
        try (Program offerer = start();
                Program answerer = start()) {
            answerer.all("fresh");
            offerer.all("fresh", "add audio send", "add video send", "channel");
            exchange(offerer, answerer, 1);
            offerer.all("add video send", "inactive 1");
            exchange(offerer, answerer, 2);
            offerer.all("inactive 0");
            exchange(offerer, answerer, 3);
            offerer.all("add audio send");
            cancelOrExchange(offerer, answerer, 4);
            offerer.all("stop 1");
            exchange(offerer, answerer, 5);
            offerer.all("add video send");
            exchange(offerer, answerer, 6);
        }
    }

    private void exchange(Program offerer, Program answerer, int number) {
        finish(offerer, answerer, number, offerer.take("offer"));
    }

    private void cancelOrExchange(Program offerer, Program answerer, int number) {
        String offer = offerer.take("offer");
        try {
            offerer.all("rollback");
            save("exchange-" + number + "-cancelled-offer", offer);
        } catch (IllegalStateException cannot) {
            System.err.println("exchange " + number + ": " + cannot.getMessage());
            finish(offerer, answerer, number, offer);
        }
    }

    private void finish(Program offerer, Program answerer, int number, String offer) {
        save("exchange-" + number + "-offer", offer);
        String answer = answerer.take("answer", offer);
        save("exchange-" + number + "-answer", answer);
        offerer.take("accept", answer);
    }

    private void session() {
        try (Program peer = start()) {
            peer.all("fresh", "add audio receive", "add video receive", "channel");
            String offer = peer.take("offer");
            save("session-offer", offer);
            ReofferSession.ofViewer(SessionDescription.parse(offer), answering(peer, "session"))
                    .steps()
                    .forEach(Runnable::run);
        }
    }

    private void publish() {
        try (Program peer = start()) {
            peer.all("fresh");
            ReofferSession.ofPublisher(answering(peer, "publish")).steps().forEach(Runnable::run);
        }
    }

    private ReofferSession.Peer answering(Program peer, String name) {
        return new ReofferSession.Peer() {
            @Override
            public void accept(SessionDescription answer) {
                peer.take("accept", answer.write());
            }

            @Override
            public SessionDescription answer(int number, SessionDescription offer) {
                String answer = peer.take("answer", offer.write());
                save(name + "-answer-" + number, answer);
                return SessionDescription.parse(answer);
            }

            @Override
            public boolean receivesAgain() {
                return !folder.getFileName().toString().startsWith("pion-3");
            }
        };
    }

    private void save(String name, String text) {
        try {
            Files.writeString(folder.resolve(name + ".sdp"), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Program start() {
        try {
            return new Program(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A running peer program. */
    private static final class Program implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final PrintStream in;

        Program(Process process) {
            this.process = process;
            this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        }

        void all(String... commands) {
            for (String command : commands) {
                take(command);
            }
        }

        String take(String command, String text) {
            return take(command + ' ' + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        }

        String take(String command) {
            in.println(command);
            try {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith("ERROR ")) {
                        throw new IllegalStateException(command.split(" ")[0] + " failed: " + line);
                    } else if (line.startsWith("SDP ")) {
                        return new String(Base64.getDecoder().decode(line.substring(4)), StandardCharsets.UTF_8);
                    } else if (line.equals("OK")) {
                        return "";
                    }
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            throw new IllegalStateException("the program ended at: " + command.split(" ")[0]);
        }

        @Override
        public void close() {
            in.close();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroy();
                }
            } catch (InterruptedException interrupted) {
                process.destroy();
                Thread.currentThread().interrupt();
            }
        }
    }
}
