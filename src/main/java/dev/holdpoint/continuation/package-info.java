/** Hands each resolved job to exactly one worker at a time. */
@NullMarked
package dev.holdpoint.continuation;

import org.jspecify.annotations.NullMarked;
