// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What our decoders read in a packet, in the words of the captures. */
final class PacketDescription {
    private PacketDescription() {}

    static String of(byte[] packet) {
        ByteBuffer in = ByteBuffer.wrap(packet);
        ChunkCursor chunks = new ChunkCursor(in, PacketHeader.BYTES, packet.length);
        List<String> words = new ArrayList<>();
        while (chunks.advance()) {
            words.add(chunk(in, chunks));
        }
        return String.join(" | ", words) + (chunks.isMalformed() ? " malformed" : "");
    }

    private static String chunk(ByteBuffer in, ChunkCursor chunk) {
        int at = chunk.valueOffset();
        int length = chunk.valueLength();
        return switch (chunk.type()) {
            case ChunkType.INIT -> "INIT" + init(InitChunk.decode(in, at, length));
            case ChunkType.INIT_ACK -> {
                InitChunk ack = InitChunk.decode(in, at, length);
                yield "INIT_ACK" + init(ack) + " cookie=" + ack.cookie().length;
            }
            case ChunkType.DATA -> data(in, chunk);
            case ChunkType.I_DATA -> interleavedData(in, chunk);
            case ChunkType.SACK -> sack(SackChunk.decode(in, at, length));
            case ChunkType.FORWARD_TSN -> "FORWARD_TSN" + forward(ForwardTsnChunk.decode(in, at, length));
            case ChunkType.I_FORWARD_TSN ->
                "I_FORWARD_TSN" + forward(ForwardTsnChunk.decodeInterleaved(in, at, length));
            case ChunkType.RE_CONFIG ->
                "RE_CONFIG"
                        + ReconfigParameter.decode(in, at, length).stream()
                                .map(PacketDescription::reconfig)
                                .collect(Collectors.joining());
            case ChunkType.ABORT -> "ABORT" + cause(ErrorCause.decode(in, at, length));
            case ChunkType.ERROR -> "ERROR" + cause(ErrorCause.decode(in, at, length));
            case ChunkType.SHUTDOWN -> "SHUTDOWN tsn=" + hex(in.getInt(at));
            case ChunkType.SHUTDOWN_ACK -> "SHUTDOWN_ACK";
            case ChunkType.SHUTDOWN_COMPLETE -> "SHUTDOWN_COMPLETE";
            case ChunkType.COOKIE_ACK -> "COOKIE_ACK";
            case ChunkType.COOKIE_ECHO -> "COOKIE_ECHO bytes=" + chunk.value().length;
            case ChunkType.HEARTBEAT -> "HEARTBEAT bytes=" + chunk.value().length;
            case ChunkType.HEARTBEAT_ACK -> "HEARTBEAT_ACK bytes=" + chunk.value().length;
            default -> "unknown " + chunk.type();
        };
    }

    private static String init(InitChunk init) {
        Capabilities can = init.capabilities();
        return " tag=" + hex(init.initiateTag()) + " window=" + init.windowBytes() + " out=" + init.outboundStreams()
                + " in=" + init.inboundStreams() + " tsn=" + hex(init.initialTsn())
                + (can.partialReliability() ? " forward-tsn" : "") + (can.streamReset() ? " re-config" : "")
                + (can.interleaving() ? " i-data" : "") + (can.zeroChecksum() ? " zero-checksum" : "");
    }

    private static String data(ByteBuffer in, ChunkCursor chunk) {
        DataChunk data = new DataChunk();
        if (!data.decode(in, chunk.flags(), chunk.valueOffset(), chunk.valueLength())) {
            return "DATA malformed";
        }
        return "DATA" + flags(data, chunk.flags()) + " tsn=" + hex(data.tsn) + " stream=" + data.stream + " ssn="
                + data.messageNumber + " ppid=" + data.ppid + " bytes=" + data.payloadBytes;
    }

    private static String interleavedData(ByteBuffer in, ChunkCursor chunk) {
        DataChunk data = new DataChunk();
        if (!data.decodeInterleaved(in, chunk.flags(), chunk.valueOffset(), chunk.valueLength())) {
            return "I_DATA malformed";
        }
        return "I_DATA" + flags(data, chunk.flags()) + " tsn=" + hex(data.tsn) + " stream=" + data.stream + " mid="
                + data.messageNumber + (data.isBegin() ? " ppid=" + data.ppid : " fsn=" + data.fragmentNumber)
                + " bytes=" + data.payloadBytes;
    }

    private static String flags(DataChunk data, int flags) {
        return (data.isBegin() ? " begin" : "")
                + (data.isEnd() ? " end" : "")
                + (data.isUnordered() ? " unordered" : "")
                + (data.isImmediate() && (flags & DataChunk.FLAG_IMMEDIATE) != 0 ? " immediate" : "");
    }

    private static String sack(SackChunk sack) {
        StringBuilder out =
                new StringBuilder("SACK tsn=" + hex(sack.cumulativeTsnAck()) + " window=" + sack.windowBytes());
        for (int i = 0; i < sack.gapBlocks().length; i += 2) {
            out.append(" gap=" + sack.gapBlocks()[i] + "-" + sack.gapBlocks()[i + 1]);
        }
        for (int tsn : sack.duplicateTsns()) {
            out.append(" duplicate=" + hex(tsn));
        }
        return out.toString();
    }

    private static String forward(ForwardTsnChunk forward) {
        return " tsn=" + hex(forward.newCumulativeTsn())
                + forward.skipped().stream()
                        .map(each -> " skipped=" + each.stream() + ":" + each.messageNumber()
                                + (each.unordered() ? ":unordered" : ""))
                        .collect(Collectors.joining());
    }

    private static String reconfig(ReconfigParameter parameter) {
        if (parameter instanceof ReconfigParameter.OutgoingReset reset) {
            return " outgoing=" + hex(reset.requestNumber()) + " response=" + hex(reset.responseNumber()) + " last="
                    + hex(reset.lastAssignedTsn()) + " streams="
                    + reset.streams().stream().map(String::valueOf).collect(Collectors.joining(","));
        } else if (parameter instanceof ReconfigParameter.Response response) {
            return " answer=" + hex(response.requestNumber()) + " result=" + response.result();
        }
        return " other";
    }

    private static String cause(ErrorCause cause) {
        return cause == null ? "" : " cause=" + cause.code() + " bytes=" + cause.value().length;
    }

    private static String hex(int value) {
        return String.format("%08x", value);
    }
}
