// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import static dev.tributary.core.internal.http.Unawaited.unawaited;

import dev.tributary.core.http.HttpHandler;
import dev.tributary.core.http.HttpLimits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The sockets and threads of one server. Thread-safe. */
public final class ServerSockets {
    /** HTTP is the control world: two threads carry thousands of idle streams, and leave the cores to the media. */
    private static final int THREADS = 2;

    private static final int CLOSE_SECONDS_MAX = 5;

    /** Connections beyond the limit that are kept just long enough to be told so; past that they are only closed. */
    private static final int REFUSALS_MAX = 64;

    private final EventLoopGroup loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Channel listener;

    private ServerSockets(String host, int port, HttpHandler handler, HttpLimits limits, Executor executor) {
        loops = new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("tributary-http", true), NioIoHandler.newFactory());
        FailureLog failures = new FailureLog();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        int open = connections.size();
                        if (open > limits.maxConnections() + REFUSALS_MAX) {
                            unawaited(channel.close());
                        } else if (open > limits.maxConnections()) {
                            channel.pipeline().addLast(new HttpResponseEncoder(), new RefusedConnection(limits));
                        } else {
                            channel.pipeline()
                                    .addLast(
                                            new StrictRequestDecoder(decoderConfig(limits)),
                                            new HttpResponseEncoder(),
                                            new ServerConnection(handler, limits, executor, failures));
                        }
                    }
                });
        InetSocketAddress address = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            unawaited(loops.shutdownGracefully(0, 0, TimeUnit.SECONDS));
            throw cannotListen(host, port, bound.cause());
        }
        listener = bound.channel();
    }

    /**
     * Opens the port.
     *
     * @throws UncheckedIOException if that is not possible
     */
    public static ServerSockets open(String host, int port, HttpHandler handler, HttpLimits limits, Executor executor) {
        return new ServerSockets(host, port, handler, limits, executor);
    }

    private static HttpDecoderConfig decoderConfig(HttpLimits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxRequestLineBytes())
                .setMaxHeaderSize(limits.maxHeaderBytes())
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true);
    }

    private static UncheckedIOException cannotListen(String host, int port, Throwable cause) {
        String where = (host.isEmpty() ? "port " : host + ", port ") + port;
        String why = cause instanceof BindException
                ? ": " + cause.getMessage() + ". Stop what uses it, or choose another (0 takes a free port)."
                : ": " + cause;
        return new UncheckedIOException(
                "Cannot listen on " + where + why, cause instanceof IOException io ? io : new IOException(cause));
    }

    /** Where the server listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Ends the listener, the connections and the threads. Idempotent; waits a few seconds at most. */
    public void close() {
        listener.close().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        connections.close().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
