package dev.holdpoint.dialect.mcp;

/** Where an inquiry stands. */
sealed interface Standing {
    /**
     * @param tool  that asked
     * @param asked whether somebody has it in front of him
     */
    record Pending(String tool, boolean asked) implements Standing {}

    record Settled(Outcome outcome) implements Standing {}

    /** There is none of that id, or it was settled too long ago. */
    record Unknown() implements Standing {}
}
