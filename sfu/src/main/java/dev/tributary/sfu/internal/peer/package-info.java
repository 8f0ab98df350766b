/** One peer on its loop: the transport put together, and the routing of datagrams to peers. */
package dev.tributary.sfu.internal.peer;
