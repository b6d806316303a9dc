package dev.holdpoint.fuzz;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One connection with its own chance, stories and tenants, so that what it says doesn't depend on the others. */
final class Lane {
    private final Random chance;
    private final List<Space> spaces;
    private final Knowledge knowledge;
    private final Story story;
    private final Operations operations;
    private final Mutator mutator;
    private final Map<String, Integer> outcomes = new TreeMap<>();

    Lane(int number, long seed, Space withoutTenant, Space nobodys) {
        chance = new Random(seed * 31 + number);
        String name = Character.toString('a' + number);
        spaces = List.of(withoutTenant, Space.tenant(name + "1", chance), Space.tenant(name + "2", chance));
        knowledge = new Knowledge(chance);
        story = new Story(name, spaces, knowledge, chance);
        operations = new Operations(knowledge, chance);
        mutator = new Mutator(spaces, nobodys, knowledge, chance);
    }

    List<Space> spaces() { return spaces; }

    /** How often which status was answered to what. */
    Map<String, Integer> outcomes() { return outcomes; }

    void run(int port, int requests, Judge judge, Faults faults) {
        try (Line line = new Line(port)) {
            for (int sent = 0; sent < requests && !faults.isEnough(); sent++) {
                boolean told = chance.nextInt(4) > 0;
                Draft draft = told ? story.next() : operations.some(spaces.get(chance.nextInt(spaces.size())));
                boolean decent = chance.nextInt(5) < 2;
                if (!decent) mutator.mutate(draft);
                Request request = draft.written();
                Answer answer = line.exchange(request);
                judge.judge(line.before(), request, answer);
                knowledge.learn(request.space(), answer);
                if (told && decent) story.answered(draft, answer);
                outcomes.merge((decent ? told ? "told " : "written " : "mutated ") + answer.status(), 1, Integer::sum);
            }
        }
    }
}
