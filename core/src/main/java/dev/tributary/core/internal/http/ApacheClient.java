// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import dev.tributary.core.http.HttpClientLimits;
import java.nio.channels.ClosedSelectorException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Apache's client with everything off that would act on its own. */
final class ApacheClient {
    private static final int IO_THREADS = 2;

    private static final Logger LOG = LoggerFactory.getLogger("dev.tributary.core.http");

    private ApacheClient() {}

    private static void reactorFailed(Exception failure) {
        // A selector that is closed under its thread is how the client ends.
        if (!(failure instanceof ClosedSelectorException)) {
            LOG.atError().setCause(failure).log("The HTTP client's I/O thread failed");
        }
    }

    static CloseableHttpAsyncClient create(
            DnsResolver resolver, HttpClientLimits limits, String userAgent, @Nullable SSLContext sslContext) {
        var tls = ClientTlsStrategyBuilder.create();
        if (sslContext != null) {
            tls.setSslContext(sslContext);
        }
        Timeout connectTimeout = Timeout.of(limits.connectTimeout());
        var connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
                .setTlsStrategy(tls.buildAsync())
                // HTTP/1.1 only: signatures cover the Host field, which HTTP/2 does not have.
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .build())
                .setMaxConnTotal(limits.maxConnections())
                .setMaxConnPerRoute(limits.maxConnectionsPerHost())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connectTimeout)
                        .setIdleTimeout(Timeout.of(limits.keepAlive()))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .build();
        return HttpAsyncClientBuilder.create()
                .setConnectionManager(connections)
                .setIOReactorConfig(
                        IOReactorConfig.custom().setIoThreadCount(IO_THREADS).build())
                .setIoReactorExceptionCallback(ApacheClient::reactorFailed)
                .setHttp1Config(Http1Config.custom()
                        .setMaxHeaderCount(limits.maxHeaderFields())
                        .setMaxLineLength(limits.maxHeaderLineBytes())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setContentCompressionEnabled(false)
                        .setExpectContinueEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .setHardCancellationEnabled(true)
                        .setConnectionKeepAlive(
                                TimeValue.ofMilliseconds(limits.keepAlive().toMillis()))
                        .build())
                .setThreadFactory(new DefaultThreadFactory("tributary-http-io", true))
                .setUserAgent(userAgent)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .disableContentCompression()
                .disableRequestPriority()
                .evictExpiredConnections()
                .evictIdleConnections(
                        TimeValue.ofMilliseconds(limits.keepAlive().toMillis()))
                .build();
    }
}
