/** The reference server and the two-instance demo. */
@org.jspecify.annotations.NullMarked
module dev.tributary.examples {
    requires static transitive org.jspecify;
}
