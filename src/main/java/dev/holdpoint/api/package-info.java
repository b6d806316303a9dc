/** The HTTP routes of our own contract: reads requests, asks the rooms below, writes answers. */
@NullMarked
package dev.holdpoint.api;

import org.jspecify.annotations.NullMarked;
