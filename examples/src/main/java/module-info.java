/** The reference server and the two-instance demo. */
@org.jspecify.annotations.NullMarked
module dev.tributary.examples {
    requires static transitive org.jspecify;
    requires dev.tributary.core;
    requires dev.tributary.activitypub;
    requires dev.tributary.whipwhep;
    requires dev.tributary.sfu;
    requires org.slf4j;
    requires tools.jackson.databind;

    // The JSON of the pages' API is written from records.
    opens dev.tributary.examples to
            tools.jackson.databind;
}
