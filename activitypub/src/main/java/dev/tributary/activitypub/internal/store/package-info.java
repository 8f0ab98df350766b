/** The stores: in memory, and plain JDBC. Both keep the one contract that {@code StoreContractTest} states. */
package dev.tributary.activitypub.internal.store;
