/** LangChain4j agents that stop at Holdpoint. */
@NullMarked
package dev.holdpoint.langchain4j;

import org.jspecify.annotations.NullMarked;
