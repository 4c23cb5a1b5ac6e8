/**
 * A copy of a routine's body that counts the branches it takes, made by insertions at exact offsets of the
 * text. Marks are assertions and conjuncts that are always true: they change neither FOUND nor ROW_COUNT, and
 * they count in sequences, which no rollback takes back (PostgreSQL manual, 9.17).
 */
import { markExpressions } from './mark-expressions.js';
import { markStatements } from './mark-statements.js';
import { markWhere } from './mark-where.js';
import { scanSql, type SqlToken } from './scan-sql.js';

export interface MarkedBody {
  readonly text: string;
  readonly branches: readonly Branch[];
  /** How many counters the text uses; they are numbered from 1. */
  readonly counters: number;
}

export interface Branch {
  /** `line 4: IF is true`. */
  readonly label: string;
  readonly counter: number;
  /** hit: taken when its counter moved · miss: taken by a run to the end in which its counter did not move. */
  readonly taken: 'hit' | 'miss';
}

/** Schema that holds the counters `b1`, `b2` … on the clone. */
export const counterSchema = 'mrpc_branches';

/**
 * `steps` marks what is a statement of PL/pgSQL; `all` also arms of CASE, sides of COALESCE, WHERE clauses and
 * conflicts inside of SQL, where a mark may make a statement invalid. Null when the text does not scan.
 */
export function markBranches(
  source: string,
  language: 'plpgsql' | 'sql',
  depth: 'all' | 'steps',
): MarkedBody | null {
  const tokens = scanSql(source);
  if (tokens === null) return null;
  const marks = openMarks(source, tokens);
  if (language === 'plpgsql') markStatements(marks);
  if (depth === 'all') {
    markExpressions(marks);
    if (language === 'sql') markWhere(marks);
  }
  return marks.finish();
}

/** Where marks are collected. Positions are indexes into `tokens`. */
export interface Marks {
  readonly tokens: readonly SqlToken[];
  /** Text of a token in lower case; empty past the end. */
  word(at: number): string;
  /** Source text from one token up to another, which is left out. */
  text(from: number, to: number): string;
  /** A boolean expression that counts and is true. */
  count(what: string, at: number, taken?: Branch['taken']): string;
  /** A counter without a branch of its own; `branch` names what it stands for. */
  counter(): number;
  branch(counter: number, what: string, at: number, taken: Branch['taken']): void;
  before(at: number, text: string): void;
  after(at: number, text: string): void;
  replace(from: number, to: number, text: string): void;
  finish(): MarkedBody;
}

/** The boolean expression that moves a counter. */
export function counting(counter: number): string {
  return `nextval('${counterSchema}.b${String(counter)}') > 0`;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function openMarks(source: string, tokens: readonly SqlToken[]): Marks {
  const edits: Edit[] = [];
  const branches: Branch[] = [];
  let counters = 0;
  const startOf = (at: number): number => tokens[at]?.start ?? source.length;
  const endOf = (at: number): number => tokens[at]?.end ?? source.length;
  const marks: Marks = {
    tokens,
    word: (at) => tokens[at]?.text.toLowerCase() ?? '',
    text: (from, to) => source.slice(startOf(from), endOf(to - 1)),
    count(what, at, taken = 'hit') {
      const counter = marks.counter();
      marks.branch(counter, what, at, taken);
      return counting(counter);
    },
    counter() {
      counters += 1;
      return counters;
    },
    branch(counter, what, at, taken) {
      const line = source.slice(0, startOf(at)).split('\n').length;
      branches.push({ label: `line ${String(line)}: ${what}`, counter, taken });
    },
    before: (at, text) => edits.push({ start: startOf(at), end: startOf(at), text }),
    after: (at, text) => edits.push({ start: endOf(at), end: endOf(at), text }),
    replace: (from, to, text) => edits.push({ start: startOf(from), end: endOf(to - 1), text }),
    finish: () => ({ text: applyEdits(source, edits), branches, counters }),
  };
  return marks;
}

/** Insertions at one place keep the order in which they were made. */
function applyEdits(source: string, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    text += source.slice(at, Math.max(at, edit.start)) + edit.text;
    at = Math.max(at, edit.end);
  }
  return text + source.slice(at);
}
