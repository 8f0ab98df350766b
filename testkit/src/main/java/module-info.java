/**
 * Virtual time and a simulated bad network: what a test needs that drives protocols without sockets; and processes of
 * other people's software as the other end. Published, so that users can test their own servers with it.
 */
@org.jspecify.annotations.NullMarked
module dev.tributary.testkit {
    requires static transitive org.jspecify;
    requires transitive dev.tributary.core;
    requires org.opentest4j;

    exports dev.tributary.testkit;
    exports dev.tributary.testkit.channels;
    exports dev.tributary.testkit.foreign;
}
