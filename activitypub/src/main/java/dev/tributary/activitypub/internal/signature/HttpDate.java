// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.signature;

import dev.tributary.activitypub.ActivityPubException;
import dev.tributary.activitypub.ActivityPubException.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** IMF-fixdate (RFC 9110 5.6.7). */
public final class HttpDate {
    private static final DateTimeFormatter FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    /** An instant as IMF-fixdate. */
    public static String write(Instant instant) {
        return FIXDATE.format(instant);
    }

    /** Reads IMF-fixdate; a day of one digit is tolerated. */
    static Instant read(String text) {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip()));
        } catch (DateTimeException e) {
            throw new ActivityPubException(Reason.MALFORMED, "Date does not parse", e);
        }
    }
}
