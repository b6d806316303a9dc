/** Writes down what lives in memory, and lets no answer out before all that it may tell of is on disk. */
@NullMarked
package dev.holdpoint.disk;

import org.jspecify.annotations.NullMarked;
