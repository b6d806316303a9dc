/** Writes what is told outside as CloudEvents 1.0, for those whose machinery takes nothing else. */
@NullMarked
package dev.holdpoint.cloudevents;

import org.jspecify.annotations.NullMarked;
