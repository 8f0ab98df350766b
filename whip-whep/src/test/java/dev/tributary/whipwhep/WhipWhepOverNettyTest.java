// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.core.http.HttpServer;
import dev.tributary.whipwhep.spi.Access;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class WhipWhepOverNettyTest {
    @Test
    void opensAndEndsASessionOverARealConnection() throws Exception {
        StubEngine engine = new StubEngine();
        WhipWhep live = WhipWhep.builder(engine).access(Access.allowEverybody()).build();
        HttpClient client = HttpClient.newHttpClient();
        try (HttpServer server =
                HttpServer.bind(0).host("127.0.0.1").mount("/live", live).start()) {
            URI endpoint = URI.create("http://127.0.0.1:" + server.port() + "/live/room/whep");

            HttpResponse<String> created = client.send(
                    HttpRequest.newBuilder(endpoint)
                            .header("Content-Type", "application/sdp")
                            .POST(HttpRequest.BodyPublishers.ofString(Offers.dynamicWhep()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            URI session =
                    endpoint.resolve(created.headers().firstValue("Location").orElseThrow());
            HttpResponse<String> ended =
                    client.send(HttpRequest.newBuilder(session).DELETE().build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> head = client.send(
                    HttpRequest.newBuilder(endpoint)
                            .method("HEAD", HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(created.body()).startsWith("v=0\r\n");
            assertThat(created.headers().allValues("Link")).hasSize(1);
            assertThat(ended.statusCode()).isEqualTo(200);
            assertThat(ended.body()).isEmpty();
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("Content-Type")).contains("application/sdp");
            assertThat(live.placesTaken()).isZero();
        }
    }
}
