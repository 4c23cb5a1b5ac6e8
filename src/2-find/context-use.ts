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

/** The expressions of one call. */
export interface ContextTrial {
  /** Absolute path. */
  readonly file: string;
  readonly call: Span;
  readonly expressions: readonly ContextExpression[];
}

/**
 * One answer an expression, in the order of the trials: its facts, or the compiler's sentence on what is wrong with
 * it there. All are tried at once, for each try makes the compiler look at the files anew.
 */
export function findContextUses(
  program: Program,
  trials: readonly ContextTrial[],
): readonly (readonly (ArgumentUse | string)[])[] {
  const files = [...new Set(trials.map(({ file }) => file))];
  if (files.length === 0) return [];
  const tried = files.map((file) => {
    const own = trials.filter((trial) => trial.file === file);
    return { file, ...withProbes(program.getSourceFile(file).text, own) };
  });
  const answers = new Map<ContextExpression, ArgumentUse | string>();
  const { compilerOptions } = program;
  const changes = tried.map(({ file, text }) => ({ path: file, text }));
  program.withTexts(changes, files, (changed) => {
    const known = { checker: changed.getTypeChecker(), compilerOptions };
    for (const { file, probes } of tried) {
      const source = changed.getSourceFile(file);
      if (source === undefined) continue;
      const problems = [
        ...changed.getSyntacticDiagnostics(source),
        ...changed.getSemanticDiagnostics(source),
      ];
      for (const probe of probes) answers.set(probe.expression, answerOf(probe, source, problems, known));
    }
  });
  return trials.map(({ expressions }) =>
    expressions.map((one) => answers.get(one) ?? 'it was not looked at'),
  );
}

interface Probe {
  readonly expression: ContextExpression;
  readonly whole: Span;
  /** The expression alone. */
  readonly inner: Span;
}

/** `(void ((userId)), db.execute(…))` for each call. */
function withProbes(
  text: string,
  trials: readonly ContextTrial[],
): { readonly text: string; readonly probes: readonly Probe[] } {
  const insertions = trials
    .flatMap((trial) => [
      { at: trial.call.start, trial },
      { at: trial.call.end, trial: null },
    ])
    .sort((a, b) => a.at - b.at);
  const probes: Probe[] = [];
  let written = '';
  let from = 0;
  for (const { at, trial } of insertions) {
    written += text.slice(from, at) + (trial === null ? ')' : '(');
    from = at;
    for (const expression of trial?.expressions ?? []) {
      const { type } = expression;
      const start = written.length;
      const inner = start + before.length;
      written += `${before}${expression.text})${type === null ? '' : ` satisfies (${type})`}), `;
      const end = inner + expression.text.length;
      probes.push({ expression, whole: { start, end: written.length }, inner: { start: inner, end } });
    }
  }
  const needed = new Set(trials.flatMap(({ expressions }) => expressions.flatMap(importOf)));
  return { text: `${written}${text.slice(from)}${[...needed].join('')}`, probes };
}

const before = 'void ((';

function importOf({ import: needed }: ContextExpression): readonly string[] {
  if (needed === null) return [];
  return [`\nimport { ${needed.name} as ${needed.local} } from ${JSON.stringify(needed.file)};`];
}

function answerOf(
  { expression, whole, inner }: Probe,
  source: ts.SourceFile,
  problems: readonly ts.Diagnostic[],
  known: Pick<Program, 'checker' | 'compilerOptions'>,
): ArgumentUse | string {
  const problem = problems.find(
    ({ start = -1, code }) => whole.start <= start && start < whole.end && code !== unusedLeft,
  );
  if (problem !== undefined) {
    return `TS${String(problem.code)}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`;
  }
  if (expressionAt(source, inner.start, inner.end) === null) return 'it is no expression';
  const { text, hole } = expression;
  return findArgumentUse(known, source, { index: hole, span: inner, expression: text });
}

/** "Left side of comma operator is unused": the probe itself. */
const unusedLeft = 2695;
