/**
 * The HTTP server behind {@code WhipWhep}: {@code Route} reads a path, {@code SessionOpener} answers POST,
 * {@code SessionResource} answers what is done to a session, {@code Replies} writes every response.
 */
package dev.tributary.whipwhep.internal.http;
