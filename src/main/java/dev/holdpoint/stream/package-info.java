/** Reads a job's event log for those who follow it: first what is there, then what comes, without a gap between. */
@NullMarked
package dev.holdpoint.stream;

import org.jspecify.annotations.NullMarked;
