package dev.holdpoint.policy;

/** What a condition comes to. Doubt is an answer of its own, because which way is safe depends on the list. */
enum Truth {
    TRUE, FALSE, DOUBTFUL;

    static Truth of(boolean known) { return known ? TRUE : FALSE; }

    Truth not() {
        return switch (this) {
            case TRUE -> FALSE;
            case FALSE -> TRUE;
            case DOUBTFUL -> DOUBTFUL;
        };
    }

    Truth and(Truth other) {
        if (this == FALSE || other == FALSE) return FALSE;
        return this == TRUE ? other : this;
    }

    /** A plain answer, where doubt counts as {@code inDoubt}. */
    boolean plain(boolean inDoubt) {
        return this == DOUBTFUL ? inDoubt : this == TRUE;
    }
}
