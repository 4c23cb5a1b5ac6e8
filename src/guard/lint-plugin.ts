/**
 * The rules of `check` in the form of an ESLint plugin. They need types: those of the program that typescript-eslint
 * has made, when it was made by a compiler whose trees are like ours, else of a program of our own over the same text.
 */
import { ts } from 'ts-morph';
import { findProjectRoot } from '../1-read/find-project-root.js';
import { openProgram, type Program } from '../source/open-program.js';
import { checkFiles } from './check-files.js';
import { docsOf, type Finding, type Rule } from './finding.js';
import { programFacts, type ProgramFacts } from './facts/program-facts.js';

interface Position {
  readonly line: number;
  /** Counted from 0, as ESLint does. */
  readonly column: number;
}

/** What a rule of ESLint is given, as far as these rules use it. */
export interface LintContext {
  readonly cwd: string;
  readonly filename: string;
  readonly sourceCode: {
    readonly text: string;
    readonly parserServices?: { readonly program?: unknown };
  };
  report(problem: {
    readonly loc: { readonly start: Position; readonly end: Position };
    readonly message: string;
  }): void;
}

export interface LintRule {
  readonly meta: {
    readonly type: 'problem';
    readonly docs: { readonly description: string; readonly url: string };
    readonly schema: never[];
  };
  create(context: LintContext): { readonly Program: () => void };
}

/** The rule asks `checkFiles` once the file is parsed. The parser of SQL must have been loaded before. */
export function lintRule(rule: Rule): LintRule {
  return {
    meta: { type: 'problem', docs: { description: rule.title, url: docsOf(rule.id) }, schema: [] },
    create: (context) => ({
      Program() {
        for (const finding of findIn(rule, context)) {
          context.report({
            loc: {
              start: { line: finding.line, column: finding.column - 1 },
              end: { line: finding.endLine, column: finding.endColumn - 1 },
            },
            message: `${finding.message} ${finding.help}`,
          });
        }
      },
    }),
  };
}

const factsOf = new WeakMap<object, ProgramFacts>();
const ownPrograms = new Map<string | null, Program>();

function findIn(rule: Rule, { sourceCode, filename, cwd }: LintContext): readonly Finding[] {
  const chosen = [{ rule, severity: rule.severity }];
  const given = sourceCode.parserServices?.program as ts.Program | null | undefined;
  const file = given?.getSourceFile(filename);
  // The number of a kind of node differs between versions of the compiler; this one moves with all others.
  if (given !== null && given !== undefined && file?.kind === ts.SyntaxKind.SourceFile) {
    let facts = factsOf.get(given);
    if (facts === undefined) factsOf.set(given, (facts = programFacts(given.getTypeChecker())));
    return checkFiles(facts, [file], chosen);
  }
  const { tsconfig } = findProjectRoot([filename], cwd);
  let own = ownPrograms.get(tsconfig);
  if (own === undefined) ownPrograms.set(tsconfig, (own = openProgram({ tsconfig, files: [filename] })));
  let found: readonly Finding[] = [];
  own.withTexts([{ path: filename, text: sourceCode.text }], [], (program) => {
    const source = program.getSourceFile(filename);
    if (source !== undefined) found = checkFiles(programFacts(program.getTypeChecker()), [source], chosen);
  });
  return found;
}
