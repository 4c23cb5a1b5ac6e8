/** What the compiler complains about, as data that can be compared before and after an edit. */
import { ts } from 'ts-morph';

export interface Diagnostic {
  readonly file: string;
  /** `2322`, without `TS`. */
  readonly code: number;
  /** All lines of the message chain. */
  readonly message: string;
  /** 1-based. */
  readonly line: number;
}

/** Syntax errors and type errors of one file; suggestions and warnings are left out. */
export function diagnosticsOf(program: ts.Program, file: ts.SourceFile): readonly Diagnostic[] {
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    .filter((diagnostic) => diagnostic.category === ts.DiagnosticCategory.Error)
    .filter((diagnostic) => !isFetched(diagnostic))
    .map((diagnostic) => ({
      file: file.fileName,
      code: diagnostic.code,
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
      line: file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line + 1,
    }));
}

/** Deno fetches such a module; that this compiler does not find it says nothing. */
function isFetched({ code, messageText }: ts.Diagnostic): boolean {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  return (code === 2307 || code === 2792) && /^Cannot find module '(?:npm|jsr|https?):/.test(message);
}

/**
 * What `after` has more of than `before`. Diagnostics are alike when file, code and message are:
 * an edit may move lines. Of several alike ones the last in the file counts as the new one.
 */
export function newDiagnostics(
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
): readonly Diagnostic[] {
  const known = new Map<string, number>();
  for (const diagnostic of before) known.set(keyOf(diagnostic), (known.get(keyOf(diagnostic)) ?? 0) + 1);
  return after.filter((diagnostic) => {
    const left = known.get(keyOf(diagnostic)) ?? 0;
    known.set(keyOf(diagnostic), left - 1);
    return left <= 0;
  });
}

function keyOf({ file, code, message }: Diagnostic): string {
  return JSON.stringify([file, code, message]);
}
