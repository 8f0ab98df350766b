/** Benchmarks of the hot paths. */
@org.jspecify.annotations.NullMarked
module dev.tributary.benchmarks {
    requires static transitive org.jspecify;
}
