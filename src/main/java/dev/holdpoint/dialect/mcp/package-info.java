/** Lets agents ask people through MCP: tools whose calls are jobs that pause, wait and are completed here. */
@NullMarked
package dev.holdpoint.dialect.mcp;

import org.jspecify.annotations.NullMarked;
