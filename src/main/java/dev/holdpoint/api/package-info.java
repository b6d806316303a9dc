/** The HTTP routes: reads requests, asks the rooms below, writes answers. */
@NullMarked
package dev.holdpoint.api;

import org.jspecify.annotations.NullMarked;
