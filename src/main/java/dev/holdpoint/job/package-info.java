/** The domain: a job, the moves it can make, and the ports through which the rest of the service reaches a store. */
@NullMarked
package dev.holdpoint.job;

import org.jspecify.annotations.NullMarked;
