// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.ice4j.StunException;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.attribute.MessageIntegrityAttribute;
import org.ice4j.attribute.UsernameAttribute;
import org.ice4j.message.Message;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.message.Response;
import org.ice4j.security.CredentialsAuthority;
import org.ice4j.stack.RawMessage;
import org.ice4j.stack.StunStack;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The same checks as in {@link StunBenchmark}, read, verified and answered with the codec of ice4j: what its stack calls for
 * a request that carries credentials, and the answer that its server of checks sends, USERNAME and all, without its threads,
 * queues and transactions, which would only make it slower.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Ice4jBenchmark {
    private final TransportAddress peer = address("192.0.2.7", 4_000);
    private final TransportAddress local = address("192.0.2.1", 10_000);
    private byte[][] checks = {};
    private StunStack stack = new StunStack();
    private int next;

    /** Takes the checks of our own benchmark and registers the password that they were written with. */
    @Setup
    public void write() {
        checks = StunBenchmark.checks();
        byte[] password = StunBenchmark.LOCAL.pwd().getBytes(StandardCharsets.UTF_8);
        stack.getCredentialsManager().registerAuthority(new CredentialsAuthority() {
            @Override
            public byte[] getLocalKey(String username) {
                return password;
            }

            @Override
            public byte[] getRemoteKey(String username, String media) {
                return password;
            }

            @Override
            public boolean checkLocalUserName(String username) {
                return username.startsWith(StunBenchmark.LOCAL.ufrag());
            }
        });
    }

    /** Ends the threads of the stack. */
    @TearDown
    public void close() {
        stack.shutDown();
    }

    /** One check in, one answer out. */
    @Benchmark
    public byte[] answerCheck() throws StunException {
        byte[] check = checks[next++ & checks.length - 1];
        Request request = (Request) Message.decode(check, 0, check.length);
        UsernameAttribute username = (UsernameAttribute) request.getAttribute(Attribute.USERNAME);
        MessageIntegrityAttribute integrity =
                (MessageIntegrityAttribute) request.getAttribute(Attribute.MESSAGE_INTEGRITY);
        String name = new String(username.getUsername(), StandardCharsets.UTF_8);
        RawMessage raw = RawMessage.build(check, check.length, peer, local);
        if (!stack.getCredentialsManager().checkLocalUserName(name)
                || !stack.validateMessageIntegrity(integrity, name, true, raw)
                || !request.containsAttribute(Attribute.ICE_CONTROLLING)) {
            throw new IllegalStateException("Not verified");
        }
        Response response = MessageFactory.createBindingResponse(request, peer);
        response.setTransactionID(request.getTransactionID());
        response.putAttribute(AttributeFactory.createUsernameAttribute(username.getUsername()));
        response.putAttribute(AttributeFactory.createMessageIntegrityAttribute(name));
        response.putAttribute(AttributeFactory.createFingerprintAttribute());
        return response.encode(stack);
    }

    private static TransportAddress address(String literal, int port) {
        try {
            return new TransportAddress(InetAddress.getByName(literal), port, Transport.UDP);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address literal is no name", e);
        }
    }
}
