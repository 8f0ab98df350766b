// SPDX-License-Identifier: Apache-2.0
/** Puts the parts together and keeps them running: what handles what, and the threads that work queues off. */
package dev.tributary.activitypub.internal.runtime;
