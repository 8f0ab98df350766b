// SPDX-License-Identifier: Apache-2.0
/**
 * The two agents. {@link dev.tributary.ice.internal.agent.StunAgent} authenticates whatever comes in;
 * {@link dev.tributary.ice.internal.agent.LiteAgent} answers; {@link dev.tributary.ice.internal.agent.FullAgent} asks as
 * well, with one {@link dev.tributary.ice.internal.agent.CheckList} for each generation.
 */
package dev.tributary.ice.internal.agent;
