/** Tells from what a request shows who calls, and whether that still holds later on. */
@NullMarked
package dev.holdpoint.access.admission;

import org.jspecify.annotations.NullMarked;
