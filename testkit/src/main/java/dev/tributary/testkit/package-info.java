/**
 * Virtual time and a simulated bad network.
 *
 * <p>Read {@link dev.tributary.testkit.SimulatedNetwork} first: protocols are attached to it by address, and it carries
 * their datagrams over links whose {@link dev.tributary.testkit.LinkConditions} say how bad they are. Everything random
 * comes from one seed; {@link dev.tributary.testkit.Seeds} runs a test over many of them and names the one that failed.
 */
package dev.tributary.testkit;
