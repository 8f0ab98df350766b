// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import dev.tributary.core.http.HttpResponse;
import dev.tributary.core.http.OutboundRequest;
import dev.tributary.sdp.SdpException;
import dev.tributary.sdp.SdpFragment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session that we opened on another server. Requests are sent one after the other, so candidates that are handed in
 * during an ICE restart go out with its new entity tag. Thread-safe.
 */
public final class ClientSession {
    private final WhipWhepClient client;
    private final URI endpoint;
    private final URI url;
    private final String answer;
    private final List<IceServer> iceServers;
    private final @Nullable URI controlUrl;

    private @Nullable String etag;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    ClientSession(
            WhipWhepClient client,
            URI endpoint,
            URI url,
            String answer,
            @Nullable String etag,
            List<IceServer> iceServers,
            @Nullable URI controlUrl) {
        this.client = client;
        this.endpoint = endpoint;
        this.url = url;
        this.answer = answer;
        this.etag = etag;
        this.iceServers = List.copyOf(iceServers);
        this.controlUrl = controlUrl;
    }

    /** The URL of the session: whoever knows it can end it. */
    public URI url() {
        return url;
    }

    /** The SDP answer: the server's, or ours when it made a counter-offer. */
    public String answer() {
        return answer;
    }

    /** The entity tag of the ICE session byte for byte, or {@code null} when the server gave none. */
    public synchronized @Nullable String etag() {
        return etag;
    }

    /** The STUN and TURN servers that the server told us to use. */
    public List<IceServer> iceServers() {
        return iceServers;
    }

    /** Whether the server offers the dynamic extension on this session: only then a control channel is opened. */
    public boolean isDynamic() {
        return controlUrl != null;
    }

    /** The URL of the extension, or {@code null} when the session is static. */
    public @Nullable URI controlUrl() {
        return controlUrl;
    }

    /**
     * Sends candidates.
     *
     * @return {@code false} when the server did not take them, which is no reason to end the session; fails with
     *     {@link ClientException} when the session is gone
     */
    public CompletionStage<Boolean> trickle(SdpFragment fragment) {
        return inTurn(() -> patch(fragment, etag()).thenApply(response -> {
            if (response.status() == 404 || response.status() == 410) {
                throw WhipWhepClient.refused("PATCH", response);
            }
            return response.status() / 100 == 2;
        }));
    }

    /**
     * Restarts ICE.
     *
     * @param fragment our new credentials and candidates
     * @return the server's new credentials and candidates; a failure leaves the old ICE session as it was
     */
    public CompletionStage<SdpFragment> restart(SdpFragment fragment) {
        return inTurn(() -> patch(fragment, "*").thenApply(response -> {
            if (response.status() != 200) {
                throw WhipWhepClient.refused("PATCH", response);
            }
            SdpFragment theirs;
            try {
                theirs = SdpFragment.parse(WhipWhepClient.text(response));
            } catch (SdpException e) {
                throw new ClientException(200, 0, "The answer to an ICE restart cannot be read: " + e.getMessage());
            }
            remember(response);
            return theirs;
        }));
    }

    private synchronized void remember(HttpResponse response) {
        etag = response.headers().first("ETag").orElse(etag);
    }

    private CompletionStage<HttpResponse> patch(SdpFragment fragment, @Nullable String tag) {
        byte[] body = fragment.write().getBytes(StandardCharsets.UTF_8);
        OutboundRequest request = OutboundRequest.of("PATCH", url).withBody(SdpFragment.MEDIA_TYPE, body);
        request = client.authorised(request, endpoint);
        return client.send(tag == null ? request : request.with("If-Match", tag));
    }

    /**
     * Ends the session. A session that is gone already is ended as well.
     *
     * @return completes when the server has said so
     */
    public CompletionStage<Void> delete() {
        return inTurn(() -> client.send(client.authorised(OutboundRequest.of("DELETE", url), endpoint))
                .thenApply(response -> {
                    if (response.status() / 100 != 2 && response.status() != 404 && response.status() != 410) {
                        throw WhipWhepClient.refused("DELETE", response);
                    }
                    return null;
                }));
    }

    private synchronized <T> CompletionStage<T> inTurn(Supplier<CompletionStage<T>> action) {
        CompletableFuture<T> result = last.handle((done, failure) -> null).thenCompose(done -> action.get());
        last = result;
        return result;
    }

    @Override
    public String toString() {
        // The path is a capability.
        return "ClientSession[" + url.getScheme() + "://" + url.getAuthority() + "/…]";
    }
}
