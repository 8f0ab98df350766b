// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP server and the guarded client behind {@link dev.tributary.core.http}: Netty serves, Apache HttpClient asks.
 * Nothing of either shows in the exported package.
 */
package dev.tributary.core.internal.http;
