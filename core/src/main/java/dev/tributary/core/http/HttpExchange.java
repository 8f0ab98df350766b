// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

/**
 * A request that was sent and what came back.
 *
 * @param request the request of the last hop; relative references in the response resolve against its URI
 * @param response the response to it
 */
public record HttpExchange(OutboundRequest request, HttpResponse response) {}
