/**
 * Tells receivers outside what happened to jobs and approvals: signed, again and again until they have it, and never
 * into networks that are none of theirs.
 */
@NullMarked
package dev.holdpoint.webhook;

import org.jspecify.annotations.NullMarked;
