/** What a rule is, and what it finds. Rules are injected into check-files.ts and know nothing of files on disk. */
import type { ts } from 'ts-morph';
import type { ProgramFacts } from './facts/program-facts.js';

export type Severity = 'error' | 'warning';

export interface Rule {
  /** Also the name of its file, of its fixtures and of its page. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence without a final period: what is wrong with the code that it finds. */
  readonly title: string;
  check(context: RuleContext): Iterable<Problem>;
}

export interface RuleContext {
  readonly file: ts.SourceFile;
  readonly facts: ProgramFacts;
}

/** What a rule says about a node; the place is the start of the node. */
export interface Problem {
  readonly node: ts.Node;
  /** What happens, as it was measured. */
  readonly message: string;
  /** How to mend it. */
  readonly help: string;
  /** What a codemod has to know of the place. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** Absolute path. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly help: string;
  readonly data?: Readonly<Record<string, string>>;
  /** The line of code as it stands, for baselines. */
  readonly code: string;
}

/** The page of a rule, which the package holds. */
export function docsOf(rule: string): string {
  return `https://unpkg.com/migrate-rpc/docs/rules/${rule}.md`;
}
