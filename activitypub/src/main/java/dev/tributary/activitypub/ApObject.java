// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import dev.tributary.activitypub.internal.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tolerant view over one ActivityStreams object (an activity, an actor, a {@code Video}, …) in its compacted JSON form.
 * What the view does not know survives; what is missing or of an unexpected shape is absent rather than an error.
 * A property that ActivityStreams allows to be one value or a list, an id or an embedded object, reads the same either
 * way.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class ApObject {
    /** The context that every document names. */
    public static final String CONTEXT = "https://www.w3.org/ns/activitystreams";

    /** The collection that makes an object public. */
    public static final String PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

    private static final Set<String> PUBLIC_NAMES = Set.of(PUBLIC, "as:Public", "Public");
    private static final Json JSON = new Json(Limits.DEFAULT);

    private final Map<String, @Nullable Object> properties;

    private ApObject(Map<String, @Nullable Object> properties) {
        this.properties = properties;
    }

    /**
     * A view over properties: strings, numbers, booleans, lists and maps of them, nested {@code ApObject}s, or null.
     */
    public static ApObject of(Map<String, ? extends @Nullable Object> properties) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        properties.forEach((name, value) -> copy.put(name, plain(value)));
        return new ApObject(Collections.unmodifiableMap(copy));
    }

    /** An object with a type and nothing else yet. */
    public static ApObject ofType(String type) {
        return new ApObject(Map.of("type", type));
    }

    /**
     * Reads JSON text within {@link Limits#DEFAULT}.
     *
     * @throws ActivityPubException if it is not one JSON object, or exceeds a limit
     */
    public static ApObject parse(String json) {
        return of(JSON.readObject(json));
    }

    /** The same object with a property set. A null value, an empty list and an empty string change nothing. */
    public ApObject with(String name, @Nullable Object value) {
        Object plain = plain(value);
        if (plain == null || plain.equals("") || plain.equals(List.of())) {
            return this;
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(properties);
        copy.put(name, plain);
        return new ApObject(Collections.unmodifiableMap(copy));
    }

    /** The same object with all properties of another one set. */
    public ApObject and(ApObject other) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(properties);
        copy.putAll(other.properties);
        return new ApObject(Collections.unmodifiableMap(copy));
    }

    /** The same object with a property taken away. */
    public ApObject without(String name) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(properties);
        copy.remove(name);
        return new ApObject(Collections.unmodifiableMap(copy));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof ApObject object) {
            return object.properties;
        }
        if (value instanceof Instant instant) {
            return instant.toString();
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(member -> copy.add(plain(member)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, member) -> copy.put(String.valueOf(name), plain(member)));
            return Collections.unmodifiableMap(copy);
        }
        return value;
    }

    /** All properties in the order in which they stood. */
    public Map<String, @Nullable Object> properties() {
        return properties;
    }

    /** The id, if there is one. */
    public Optional<String> id() {
        return string("id");
    }

    /** The first type; empty text when there is none. */
    public String type() {
        return strings("type").stream().findFirst().orElse("");
    }

    /** True if this is one of its types. */
    public boolean isType(String type) {
        return strings("type").contains(type);
    }

    /** A property that is a string, or the first string of a list. */
    public Optional<String> string(String name) {
        return strings(name).stream().findFirst();
    }

    /** All strings of a property. */
    public List<String> strings(String name) {
        return values(name).stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** A property that is a whole number. */
    public OptionalLong integer(String name) {
        return properties.get(name) instanceof Long value ? OptionalLong.of(value) : OptionalLong.empty();
    }

    /** True if the property is {@code true}. */
    public boolean flag(String name) {
        return Boolean.TRUE.equals(properties.get(name));
    }

    /** A property that is a time in ISO 8601. */
    public Optional<Instant> instant(String name) {
        return string(name).flatMap(text -> {
            try {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        });
    }

    /** An embedded object, or the first one of a list. */
    public Optional<ApObject> object(String name) {
        return objects(name).stream().findFirst();
    }

    /** All embedded objects of a property. */
    public List<ApObject> objects(String name) {
        return values(name).stream()
                .filter(Map.class::isInstance)
                .map(value -> of(names((Map<?, ?>) value)))
                .toList();
    }

    /** What a property points to: its string, or the id of its embedded object. */
    public Optional<String> reference(String name) {
        return references(name).stream().findFirst();
    }

    /** Everything a property points to. */
    public List<String> references(String name) {
        List<String> references = new ArrayList<>();
        for (Object value : values(name)) {
            Object reference = value instanceof Map<?, ?> map ? map.get("id") : value;
            if (reference instanceof String text) {
                references.add(text);
            }
        }
        return references;
    }

    /** True if {@code to} or {@code cc} holds the public collection, in any of its spellings. */
    public boolean isPublic() {
        return references("to").stream().anyMatch(PUBLIC_NAMES::contains)
                || references("cc").stream().anyMatch(PUBLIC_NAMES::contains);
    }

    /** Compact JSON. */
    public String json() {
        return JSON.write(properties);
    }

    private List<Object> values(String name) {
        Object value = properties.get(name);
        if (value == null) {
            return List.of();
        }
        return value instanceof List<?> list
                ? list.stream().filter(java.util.Objects::nonNull).collect(Collectors.<Object>toList())
                : List.of(value);
    }

    private static Map<String, @Nullable Object> names(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ApObject object && object.properties.equals(properties);
    }

    @Override
    public int hashCode() {
        return properties.hashCode();
    }

    /** Type and id, for logs. */
    @Override
    public String toString() {
        return type() + "(" + id().orElse("without id") + ")";
    }
}
