// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to do to a server.
 *
 * @param whip where publishers go; {@code {room}} stands for the number of the room
 * @param whep where subscribers go; {@code {room}} stands for the number of the room
 * @param token for both; empty for none
 * @param rooms how many rooms
 * @param publishers in each room
 * @param subscribers in each room
 * @param joinsPerSecond how fast subscribers come
 * @param duration how long everything is measured, after all have joined
 * @param codec of the pictures: VP8 or H264
 * @param pid the server's process, to read its cost; 0 for none
 * @param loops event loops of the generator
 * @param report where the report goes, without an ending; {@code .json} and {@code .html} are written
 */
public record LoadOptions(
        String whip,
        String whep,
        String token,
        int rooms,
        int publishers,
        int subscribers,
        int joinsPerSecond,
        Duration duration,
        String codec,
        long pid,
        int loops,
        Path report) {
    /** How the command is used. */
    public static final String USAGE = """
            load --whip <url> --whep <url> [options]
              --whip, --whep    endpoints; {room} in them is replaced by the number of the room, from 1
              --token           bearer token for both
              --rooms 1         rooms
              --publishers 1    publishers in each room
              --subscribers 10  subscribers in each room
              --joins 20        subscribers that join in a second
              --duration 20     seconds of measuring, after all have joined
              --codec VP8       VP8 or H264; sound is always Opus
              --pid             the server's process on this machine, to read its CPU time and memory
              --loops 1         threads of the generator
              --report load     where <report>.json and <report>.html are written
            """;

    public LoadOptions {
        if (rooms < 1 || publishers < 0 || subscribers < 0 || joinsPerSecond < 1 || loops < 1) {
            throw new IllegalArgumentException("Counts are positive");
        }
    }

    /** A second of one publisher and one subscriber at a server. */
    public static LoadOptions of(String whip, String whep) {
        return new LoadOptions(whip, whep, "", 1, 1, 1, 20, Duration.ofSeconds(1), "VP8", 0, 1, Path.of("load"));
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException with words for the person who typed it
     */
    public static LoadOptions parse(List<String> words) {
        String whip = "";
        String whep = "";
        String token = "";
        int rooms = 1;
        int publishers = 1;
        int subscribers = 10;
        int joins = 20;
        int seconds = 20;
        String codec = "VP8";
        long pid = 0;
        int loops = 1;
        Path report = Path.of("load");
        for (int i = 0; i < words.size(); i += 2) {
            String name = words.get(i);
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            String value = words.get(i + 1);
            switch (name) {
                case "--whip" -> whip = value;
                case "--whep" -> whep = value;
                case "--token" -> token = value;
                case "--rooms" -> rooms = number(name, value);
                case "--publishers" -> publishers = number(name, value);
                case "--subscribers" -> subscribers = number(name, value);
                case "--joins" -> joins = number(name, value);
                case "--duration" -> seconds = number(name, value);
                case "--codec" -> codec = value;
                case "--pid" -> pid = number(name, value);
                case "--loops" -> loops = number(name, value);
                case "--report" -> report = Path.of(value);
                default -> throw new IllegalArgumentException("There is no option " + name);
            }
        }
        if (whip.isEmpty() && publishers > 0 || whep.isEmpty() && subscribers > 0) {
            throw new IllegalArgumentException("--whip and --whep say which server");
        }
        return new LoadOptions(
                whip,
                whep,
                token,
                rooms,
                publishers,
                subscribers,
                joins,
                Duration.ofSeconds(seconds),
                codec,
                pid,
                loops,
                report);
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " takes a whole number, got " + value, e);
        }
    }

    /** Everything at another server. */
    public LoadOptions at(String newWhip, String newWhep, long newPid) {
        return new LoadOptions(
                newWhip,
                newWhep,
                token,
                rooms,
                publishers,
                subscribers,
                joinsPerSecond,
                duration,
                codec,
                newPid,
                loops,
                report);
    }

    /** Everything with subscribers that come faster or slower. */
    public LoadOptions joining(int perSecond) {
        return new LoadOptions(
                whip, whep, token, rooms, publishers, subscribers, perSecond, duration, codec, pid, loops, report);
    }

    /** Everything with other numbers of people, for another time. */
    public LoadOptions with(int newRooms, int newPublishers, int newSubscribers, Duration newDuration) {
        return new LoadOptions(
                whip,
                whep,
                token,
                newRooms,
                newPublishers,
                newSubscribers,
                joinsPerSecond,
                newDuration,
                codec,
                pid,
                loops,
                report);
    }
}
