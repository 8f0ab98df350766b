// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.net.URI;
import java.util.List;
import java.util.UUID;

/**
 * What a live stream is, for {@link ActivityPub#goLive}. Immutable; made by {@link #builder}.
 *
 * <pre>{@code
 * var description = LiveStreamDescription.builder(alice, channel, "Friday session")
 *         .watchPage("https://tv.example/watch/friday")
 *         .whep("https://tv.example/live/friday/whep")
 *         .maxGuests(8)
 *         .build();
 * }</pre>
 *
 * @param uuid a version 4 UUID, which PeerTube asks for; the same one for each session of a permanent live
 * @param person the account that owns the stream
 * @param channel the channel it appears in
 * @param name 3 to 120 characters
 * @param summary plain text; may be empty
 * @param watchPage URL of the page for people
 * @param whep URL of the WHEP endpoint that other instances pull from; may be empty
 * @param hls URL of the HLS playlist; may be empty
 * @param icons at least one image, because PeerTube asks for it
 * @param permanent whether it begins again and again under the same id
 * @param joinPolicy who may come on stage
 * @param maxGuests how many guests at a time
 * @since 0.1
 */
public record LiveStreamDescription(
        String uuid,
        LocalActor person,
        LocalActor channel,
        String name,
        String summary,
        String watchPage,
        String whep,
        String hls,
        List<Icon> icons,
        boolean permanent,
        JoinPolicy joinPolicy,
        int maxGuests) {
    private static final int NAME_MIN = 3;
    private static final int NAME_MAX = 120;

    /**
     * A still image of the stream.
     *
     * @param url where it is
     * @param mediaType image/png, image/jpeg, image/gif or image/webp
     * @param width in pixels
     * @param height in pixels
     */
    public record Icon(String url, String mediaType, int width, int height) {}

    /** Checks what PeerTube and Mastodon would refuse without a word. */
    public LiveStreamDescription {
        if (name.length() < NAME_MIN || name.length() > NAME_MAX) {
            throw new IllegalArgumentException("The name of a live has 3 to 120 characters, got " + name.length());
        }
        if (UUID.fromString(uuid).version() != 4) {
            throw new IllegalArgumentException("Not a version 4 UUID: " + uuid);
        }
        if (person.kind() != LocalActor.Kind.PERSON || channel.kind() != LocalActor.Kind.CHANNEL) {
            throw new IllegalArgumentException(
                    "A live belongs to a person and a channel, got " + person.kind() + " and " + channel.kind());
        }
        if (!channel.ownerId().equals(person.id())) {
            throw new IllegalArgumentException(
                    "The channel " + channel.address() + " does not belong to " + person.address());
        }
        for (String url : List.of(watchPage, whep, hls)) {
            if (!url.isEmpty() && !URI.create(url).isAbsolute()) {
                throw new IllegalArgumentException("Not an absolute URL: " + url);
            }
        }
        if (maxGuests < 0) {
            throw new IllegalArgumentException("maxGuests is not negative, got " + maxGuests);
        }
        icons = List.copyOf(icons);
    }

    /** Begins a description. */
    public static Builder builder(LocalActor person, LocalActor channel, String name) {
        return new Builder(person, channel, name);
    }

    /** Collects a description. Not thread-safe. */
    public static final class Builder {
        private final LocalActor person;
        private final LocalActor channel;
        private final String name;
        private String uuid = UUID.randomUUID().toString();
        private String summary = "";
        private String watchPage = "";
        private String whep = "";
        private String hls = "";
        private List<Icon> icons = List.of();
        private boolean permanent;
        private JoinPolicy joinPolicy = JoinPolicy.INVITED;
        private int maxGuests = 8;

        private Builder(LocalActor person, LocalActor channel, String name) {
            this.person = person;
            this.channel = channel;
            this.name = name;
        }

        /** The id of a live that exists, so that it goes on under the same id. */
        public Builder uuid(String value) {
            uuid = value;
            return this;
        }

        /** Plain text about it. */
        public Builder summary(String value) {
            summary = value;
            return this;
        }

        /** URL of the page for people; required. */
        public Builder watchPage(String value) {
            watchPage = value;
            return this;
        }

        /** URL of the WHEP endpoint. */
        public Builder whep(String value) {
            whep = value;
            return this;
        }

        /** URL of the HLS playlist. */
        public Builder hls(String value) {
            hls = value;
            return this;
        }

        /** Still images; without any, one under the base URL is named. */
        public Builder icons(Icon... values) {
            icons = List.of(values);
            return this;
        }

        /** Begins again and again under the same id. */
        public Builder permanent(boolean value) {
            permanent = value;
            return this;
        }

        /** Who may come on stage. */
        public Builder joinPolicy(JoinPolicy value) {
            joinPolicy = value;
            return this;
        }

        /** How many guests at a time. */
        public Builder maxGuests(int value) {
            maxGuests = value;
            return this;
        }

        /**
         * The description.
         *
         * @throws IllegalArgumentException if a value is one that peers would refuse
         */
        public LiveStreamDescription build() {
            if (watchPage.isEmpty()) {
                throw new IllegalArgumentException("A live needs a watchPage: Mastodon links to it");
            }
            List<Icon> images = icons.isEmpty()
                    ? List.of(new Icon(
                            URI.create(watchPage).resolve("/favicon.png").toString(), "image/png", 256, 256))
                    : icons;
            return new LiveStreamDescription(
                    uuid,
                    person,
                    channel,
                    name,
                    summary,
                    watchPage,
                    whep,
                    hls,
                    images,
                    permanent,
                    joinPolicy,
                    maxGuests);
        }
    }
}
