/**
 * Expressions of the configuration at a call: whether they mean something there, and what the checker says of
 * them. They are tried in the file's text, in memory, just before the call.
 */
import { ts } from 'ts-morph';
import { expressionAt } from '../source/nodes.js';
import type { Program } from '../source/open-program.js';
import { findArgumentUse } from './argument-use.js';
import type { Span } from './call-site.js';
import type { ArgumentUse } from './result-use.js';

export interface ContextExpression {
  readonly text: string;
  /** The type that it has to have; null: any. */
  readonly type: string | null;
  /** What the file does not import yet, with the name that it has in `text`. */
  readonly import: { readonly name: string; readonly local: string; readonly file: string } | null;
  /** Number of the argument that it fills. */
  readonly hole: number;
}

/** One answer an expression: its facts, or the compiler's sentence on what is wrong with it there. */
export function findContextUses(
  program: Program,
  file: string,
  call: Span,
  expressions: readonly ContextExpression[],
): readonly (ArgumentUse | string)[] {
  const { text } = program.getSourceFile(file);
  const probes: string[] = [];
  const spans: Span[] = [];
  let length = 0;
  for (const { text: own, type } of expressions) {
    const before = 'void ((';
    const start = call.start + 1 + length + before.length;
    const probe = `${before}${own})${type === null ? '' : ` satisfies (${type})`}), `;
    spans.push({ start, end: start + own.length });
    probes.push(probe);
    length += probe.length;
  }
  const imports = expressions.flatMap(({ import: needed }) =>
    needed === null
      ? []
      : [`\nimport { ${needed.name} as ${needed.local} } from ${JSON.stringify(needed.file)};`],
  );
  const tried = `${text.slice(0, call.start)}(${probes.join('')}${text.slice(call.start, call.end)})${text.slice(call.end)}${imports.join('')}`;
  let answers: readonly (ArgumentUse | string)[] = [];
  const { compilerOptions } = program;
  program.withTexts([{ path: file, text: tried }], [file], (changed) => {
    const source = changed.getSourceFile(file);
    if (source === undefined) return;
    const problems = [...changed.getSyntacticDiagnostics(source), ...changed.getSemanticDiagnostics(source)];
    const checker = changed.getTypeChecker();
    answers = expressions.map(({ text: own, hole }, index) => {
      const span = spans[index] ?? call;
      const problem = problems.find(({ start = -1 }) => span.start - 1 <= start && start <= span.end + 20);
      if (problem !== undefined && problem.code !== unusedLeft) {
        const message = ts.flattenDiagnosticMessageText(problem.messageText, ' ');
        return `TS${String(problem.code)}: ${message}`;
      }
      if (expressionAt(source, span.start, span.end) === null) return 'it is no expression';
      return findArgumentUse({ checker, compilerOptions }, source, { index: hole, span, expression: own });
    });
  });
  return answers;
}

/** "Left side of comma operator is unused": the probe itself. */
const unusedLeft = 2695;
