/**
 * What an agent may run at once, what never, and what a person must be asked: rules, grants and the judge over them.
 */
@NullMarked
package dev.holdpoint.policy;

import org.jspecify.annotations.NullMarked;
