// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.shig;

import dev.tributary.whipwhep.WhipWhepLimits;
import dev.tributary.whipwhep.shig.ShigLobby;
import dev.tributary.whipwhep.spi.Access;
import dev.tributary.whipwhep.spi.MediaEngine;
import java.util.function.BinaryOperator;
import java.util.function.LongSupplier;

/**
 * What the builder of {@link ShigLobby} was told.
 *
 * @param engine the media engine
 * @param access who may do what
 * @param rooms the room of a stream
 * @param streams what is shown of a stream
 * @param prefix where the handler is mounted
 * @param limits bounds of bodies and sessions
 * @param nanoTime the clock of the control channels
 */
public record ShigSettings(
        MediaEngine engine,
        Access access,
        BinaryOperator<String> rooms,
        ShigLobby.Streams streams,
        String prefix,
        WhipWhepLimits limits,
        LongSupplier nanoTime) {}
