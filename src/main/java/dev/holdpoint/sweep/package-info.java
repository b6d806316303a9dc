/** The scheduled pass over what is due: expires, reaps, reopens, archives and reclaims. */
@NullMarked
package dev.holdpoint.sweep;

import org.jspecify.annotations.NullMarked;
