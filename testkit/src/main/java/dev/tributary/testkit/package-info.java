/** Virtual time and a simulated bad network. */
package dev.tributary.testkit;
