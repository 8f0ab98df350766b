/**
 * What federation costs: {@code FediverseCommand} starts a server in a process of its own ({@code FediverseServer}, or the
 * same with Fedify), and {@code RequestLoad} sends it requests that were signed before.
 */
package dev.tributary.benchmarks.fediverse;
