/** The JSON of the contract: what is read strictly, and what each thing looks like when it is written. */
@NullMarked
package dev.holdpoint.door.json;

import org.jspecify.annotations.NullMarked;
