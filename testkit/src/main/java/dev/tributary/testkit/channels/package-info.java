// SPDX-License-Identifier: Apache-2.0
/**
 * Data channels against another implementation: one table of scenarios ({@code EchoScenario}), run by {@code EchoSuite} on
 * whatever end a test drives ({@code ChannelEnd}), with a far end that echoes.
 *
 * <p><b>What a far end does.</b> It sends every message of every channel back on the same channel, text as text and binary
 * as binary. The channel with the label {@code control} is the exception: it carries commands, in text:
 *
 * <pre>
 * open &lt;label&gt; &lt;ordered: 1 or 0&gt; &lt;maxRetransmits or -1&gt; &lt;maxLifetimeMillis or -1&gt;
 * close &lt;label&gt;
 * </pre>
 */
package dev.tributary.testkit.channels;
