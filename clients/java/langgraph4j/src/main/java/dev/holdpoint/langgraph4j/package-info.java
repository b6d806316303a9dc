/** LangGraph4j graphs that stop at Holdpoint. */
@NullMarked
package dev.holdpoint.langgraph4j;

import org.jspecify.annotations.NullMarked;
