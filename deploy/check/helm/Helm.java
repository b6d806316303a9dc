import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;

/**
 * CHART FOLDER [values=FILE|set=NAME=VALUE]…: what Helm makes of the chart with each of these, as FOLDER/0.yaml, or why
 * it makes nothing, as 0.refused; lint goes before.
 */
void main(String... words) throws IOException {
    var chart = new com.marcnuri.helm.Helm(Path.of(words[0]));
    Path folder = Path.of(words[1]);
    LintResult lint = chart.lint().strict().call();
    if (lint.isFailed()) Files.write(folder.resolve("lint.refused"), lint.getMessages());
    for (int job = 0; job < words.length - 2; job++) {
        try {
            Files.writeString(folder.resolve(job + ".yaml"), with(chart.template(), words[job + 2]).call());
        } catch (IllegalStateException refused) {
            Files.writeString(folder.resolve(job + ".refused"), refused.getMessage());
        }
    }
}

private static TemplateCommand with(TemplateCommand command, String word) {
    command.withName("holdpoint").withNamespace("holdpoint").withKubeVersion("1.33.0");
    String[] parts = word.split("=", 3);
    return switch (parts[0]) {
        case "set" -> command.set(parts[1], parts[2]);
        case "values" -> parts[1].isEmpty() ? command : command.withValuesFile(Path.of(parts[1]));
        default -> throw new IllegalArgumentException(word);
    };
}
