/** Counts and times what passes through the ports, for whoever watches over the service. */
@NullMarked
package dev.holdpoint.measure;

import org.jspecify.annotations.NullMarked;
