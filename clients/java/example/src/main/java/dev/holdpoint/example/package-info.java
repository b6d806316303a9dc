/** Two agents that stop at Holdpoint. */
@NullMarked
package dev.holdpoint.example;

import org.jspecify.annotations.NullMarked;
