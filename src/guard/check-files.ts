/** Rules over files of one program: findings in the order of the text, comments that accept them taken into account. */
import type { ts } from 'ts-morph';
import type { Finding, Problem, Rule, Severity } from './finding.js';
import type { ProgramFacts } from './facts/program-facts.js';
import { applyIgnores } from './ignore-comments.js';

export interface ChosenRule {
  readonly rule: Rule;
  readonly severity: Severity;
}

/** Findings of each file in turn. Two rules may speak of one place; one rule speaks of a place once. */
export function checkFiles(
  facts: ProgramFacts,
  files: readonly ts.SourceFile[],
  rules: readonly ChosenRule[],
): readonly Finding[] {
  return files.flatMap((file) => {
    const found = rules.flatMap((chosen) => findingsOf(facts, file, chosen));
    return applyIgnores(file, found, new Set(rules.map(({ rule }) => rule.id))).sort(
      (a, b) => a.line - b.line || a.column - b.column || a.rule.localeCompare(b.rule),
    );
  });
}

function findingsOf(
  facts: ProgramFacts,
  file: ts.SourceFile,
  { rule, severity }: ChosenRule,
): readonly Finding[] {
  const places = new Map<string, Finding>();
  for (const problem of rule.check({ file, facts })) {
    const finding = { rule: rule.id, severity, ...placeOf(file, problem) };
    const key = `${finding.line}:${finding.column}`;
    if (!places.has(key)) places.set(key, finding);
  }
  return [...places.values()];
}

function placeOf(
  file: ts.SourceFile,
  { node, message, help, data }: Problem,
): Omit<Finding, 'rule' | 'severity'> {
  const start = file.getLineAndCharacterOfPosition(node.getStart(file));
  const end = file.getLineAndCharacterOfPosition(node.end);
  return {
    file: file.fileName,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    message,
    help,
    ...(data === undefined ? {} : { data }),
    code: lineOf(file, start.line),
  };
}

/** The text of a line (0-based) without surrounding blanks. */
export function lineOf(file: ts.SourceFile, line: number): string {
  const starts = file.getLineStarts();
  return file.text.slice(starts[line] ?? 0, starts[line + 1] ?? file.text.length).trim();
}
