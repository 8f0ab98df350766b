// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** What PeerTube's validator asks of a Video, written from its rules: one complaint for each that is broken. */
final class PeerTubeRules {
    private static final Set<String> IMAGES = Set.of("image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp");
    private static final Set<String> CONTENT_TYPES = Set.of("text/markdown", "text/html");

    private PeerTubeRules() {}

    static List<String> complaints(ApObject video) {
        List<String> complaints = new ArrayList<>();
        check(complaints, "Video".equals(video.properties().get("type")), "type");
        check(complaints, video.id().orElse("").startsWith("http"), "id");
        int name = video.string("name").orElse("").length();
        check(complaints, name >= 3 && name <= 120, "name");
        check(complaints, isUuid4(video.string("uuid").orElse("")), "uuid");
        check(complaints, video.string("duration").orElse("").matches("PT\\d+S"), "duration");
        check(complaints, video.integer("views").orElse(-1) >= 0, "views");
        check(complaints, video.instant("published").isPresent(), "published");
        check(complaints, video.instant("updated").isPresent(), "updated");
        check(complaints, video.properties().get("icon") instanceof List<?>, "icon array");
        check(
                complaints,
                !video.objects("icon").isEmpty()
                        && video.objects("icon").stream().allMatch(PeerTubeRules::isImage),
                "icon");
        check(complaints, video.references("attributedTo").size() >= 2, "attributedTo");
        check(
                complaints,
                video.references("attributedTo").stream().allMatch(owner -> sameHost(owner, video)),
                "attributedTo of another host");
        check(complaints, video.properties().get("url") instanceof List<?>, "url array");
        check(
                complaints,
                !video.objects("url").isEmpty()
                        && video.objects("url").stream()
                                .allMatch(link -> link.isType("Link")
                                        && link.string("href").orElse("").startsWith("http")),
                "url links");
        check(
                complaints,
                video.objects("url").stream()
                        .filter(link -> link.string("mediaType").orElse("").equals("application/x-mpegURL"))
                        .allMatch(link -> link.properties().get("tag") instanceof List<?>),
                "tag array of the HLS link");
        check(complaints, video.properties().get("isLiveBroadcast") instanceof Boolean, "isLiveBroadcast");
        check(complaints, isBooleanOrMissing(video, "permanentLive"), "permanentLive");
        check(complaints, isBooleanOrMissing(video, "sensitive"), "sensitive");
        check(complaints, Set.of(1L, 4L, 5L).contains(video.integer("state").orElse(0)), "state");
        check(
                complaints,
                Set.of(1L, 2L, 3L).contains(video.integer("latencyMode").orElse(0)),
                "latencyMode");
        check(
                complaints,
                Set.of(1L, 2L, 3L).contains(video.integer("commentsPolicy").orElse(0)),
                "commentsPolicy");
        check(
                complaints,
                video.string("content").isEmpty()
                        || CONTENT_TYPES.contains(video.string("mediaType").orElse("")),
                "mediaType of content");
        check(complaints, video.strings("to").contains(ApObject.PUBLIC), "to");
        for (String audience : List.of("to", "cc")) {
            check(
                    complaints,
                    video.strings(audience).stream().allMatch(url -> url.startsWith("http") && url.length() <= 2_000),
                    audience + " urls");
        }
        return complaints;
    }

    private static void check(List<String> complaints, boolean holds, String what) {
        if (!holds) {
            complaints.add(what);
        }
    }

    private static boolean sameHost(String url, ApObject video) {
        return Objects.equals(
                URI.create(url).getHost(),
                URI.create(video.id().orElse("http://none")).getHost());
    }

    private static boolean isBooleanOrMissing(ApObject video, String name) {
        Object value = video.properties().get(name);
        return value == null || value instanceof Boolean;
    }

    private static boolean isUuid4(String text) {
        try {
            return UUID.fromString(text).version() == 4;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isImage(ApObject image) {
        return image.isType("Image")
                && image.string("url").isPresent()
                && IMAGES.contains(image.string("mediaType").orElse(""))
                && image.integer("width").isPresent()
                && image.integer("height").isPresent();
    }
}
