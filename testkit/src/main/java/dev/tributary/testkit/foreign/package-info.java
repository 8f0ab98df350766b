// SPDX-License-Identifier: Apache-2.0
/**
 * Software that we did not write, as the other end of a test: is it there, start it, talk to it in lines, end it. A test
 * whose software is missing is skipped aloud, with the command that installs it.
 */
package dev.tributary.testkit.foreign;
