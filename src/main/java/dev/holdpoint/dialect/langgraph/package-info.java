/**
 * Speaks the part of LangGraph's server API that its SDK and the agent-inbox page use: jobs as threads,
 * prompts as interrupts, decisions as resumes.
 */
@NullMarked
package dev.holdpoint.dialect.langgraph;

import org.jspecify.annotations.NullMarked;
