/** Puts the service together: picks store, archive, clock and ids, runs the sweep, and says hello. */
@NullMarked
package dev.holdpoint.start;

import org.jspecify.annotations.NullMarked;
