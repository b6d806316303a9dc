import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/**
 * What the compiler finds wrong with values as the types of LibreChat's `Agents` that they are to be: nothing, when they fit. What a value has
 * beyond its type is left alone, as LibreChat's page does.
 */
export function faults(valuesByType) {
  const folder = mkdtempSync(join(import.meta.dirname, ".types-"));
  try {
    const file = join(folder, "frames.ts");
    writeFileSync(file, [
      'import type { Agents } from "librechat-data-provider";',
      "type Open<T> = T extends string ? `${T}` : T extends (infer E)[] ? Open<E>[]",
      "  : T extends object ? { [K in keyof T]: Open<T[K]> } & { [more: string]: unknown } : T;",
      ...Object.entries(valuesByType).flatMap(([type, values]) =>
        values.map((value, at) => `export const a${type}${at}: Open<Agents.${type}> = ${JSON.stringify(value, null, 1)};`)),
    ].join("\n"));
    const program = ts.createProgram([file], {
      strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    });
    return ts.getPreEmitDiagnostics(program).filter((one) => one.file?.fileName.endsWith("frames.ts"))
      .map((one) => `${one.start}: ${ts.flattenDiagnosticMessageText(one.messageText, "\n")}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
