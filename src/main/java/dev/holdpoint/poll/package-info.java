/** Waits for what somebody else must do first, for as long as the asker and the service have time. */
@NullMarked
package dev.holdpoint.poll;

import org.jspecify.annotations.NullMarked;
