/** Virtual time and a simulated bad network. */
@org.jspecify.annotations.NullMarked
module dev.tributary.testkit {
    requires static transitive org.jspecify;
}
