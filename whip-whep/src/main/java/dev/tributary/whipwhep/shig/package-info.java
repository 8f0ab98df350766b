/**
 * Lets the web component of Shig, another interactive streaming server, take part on a server of ours: start at
 * {@link dev.tributary.whipwhep.shig.ShigLobby}, which is one handler more to mount. Nothing of it is there unless it is
 * mounted.
 */
package dev.tributary.whipwhep.shig;
