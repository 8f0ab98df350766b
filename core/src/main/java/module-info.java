/**
 * What every layer of Tributary stands on: the contract of sans-IO protocols, RTP and RTCP on the wire, the UDP media
 * loops and the HTTP edge.
 */
@org.jspecify.annotations.NullMarked
module dev.tributary.core {
    requires static transitive org.jspecify;
    requires static transitive jdk.httpserver;
    requires org.slf4j;
    // Apache's client, an automatic module, reaches for jdk.net.Sockets and cannot say so itself.
    requires jdk.net;
    requires org.apache.httpcomponents.core5.httpcore5.h2;
    requires org.apache.httpcomponents.core5.httpcore5;
    requires org.apache.httpcomponents.client5.httpclient5;
    requires io.netty.common;
    requires io.netty.buffer;
    requires io.netty.codec.http;
    requires io.netty.codec;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.unix.common;
    requires io.netty.transport.classes.epoll;

    exports dev.tributary.core;
    exports dev.tributary.core.http;
    exports dev.tributary.core.rtp;
    exports dev.tributary.core.udp;
}
