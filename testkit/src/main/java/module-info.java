/**
 * Virtual time and a simulated bad network: what a test needs that drives protocols without sockets. Published, so that
 * users can test their own servers with it.
 */
@org.jspecify.annotations.NullMarked
module dev.tributary.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.tributary.core;

    exports dev.tributary.testkit;
}
