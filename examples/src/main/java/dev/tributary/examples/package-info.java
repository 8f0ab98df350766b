/** The reference server and the two-instance demo. */
package dev.tributary.examples;
