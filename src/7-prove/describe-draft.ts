/**
 * Level 2 of the proof: PostgreSQL describes each statement as the user's own Drizzle builds it. Its
 * parameters must have the types that the routine declares, its columns the types that the old statement gave.
 */
import type { Database, DescribeAnswer, DescribedColumn } from '../io/database.js';
import type { BuiltStatement } from './evaluate-statements.js';
import type { Difference } from './evidence.js';
import type { ProofSession } from './proof-session.js';

/** `source` exports `statements = (db, args) => [Q, …]`. */
export interface StatementsModule {
  readonly source: string;
  /** Absolute path that relative imports start from. */
  readonly filename: string;
  /** In the tagged JSON of case-values.ts. Make every argument a value of its own: parameters are told by it. */
  readonly args: unknown;
}

export interface DescribeExpectation {
  /** Type OIDs that each parameter may have, by position; null where anything goes. */
  readonly parameters: readonly (readonly number[] | null)[];
  /** The old statement's columns, or null when nobody reads them. */
  readonly columns: readonly { readonly name: string; readonly type: number }[] | null;
}

export interface DescribeResult {
  readonly difference: Difference | null;
  /** Statements as the user's Drizzle builds them. */
  readonly statements: readonly BuiltStatement[];
  /** What was not asked, and why; asked on the clone, for want of rights. */
  readonly notes: readonly string[];
}

/** SQL text and parameters of each statement, or a sentence that says why there are none. */
export async function buildStatements(
  session: ProofSession,
  module: StatementsModule,
  deadlineMs = 20_000,
): Promise<readonly BuiltStatement[] | string> {
  const answer = await session.ask({ kind: 'statements', ...module }, deadlineMs);
  if (answer.kind === 'statements') return answer.statements;
  return answer.kind === 'none' ? answer.reason : answer.kind;
}

/**
 * Describes every built statement on `db`; where the login lacks a right (42501), on `clone`, and says so.
 * Type OIDs of user types differ between the two, so a statement asked on the clone is only checked to describe.
 */
export async function describeDraft(
  db: Database,
  clone: Database | null,
  statements: readonly BuiltStatement[],
  expected: readonly DescribeExpectation[],
): Promise<DescribeResult> {
  const notes: string[] = [];
  const answers = await db.describe(statements.map(({ sql }) => ({ text: sql })));
  for (const [index, statement] of statements.entries()) {
    let answer = answers[index];
    let comparable = true;
    if (answer?.ok === false && answer.failure.sqlstate === '42501' && clone !== null) {
      notes.push('described on the clone: the login lacks a right');
      [answer] = await clone.describe([{ text: statement.sql }]);
      comparable = false;
    }
    const found =
      answer === undefined ? null : check(statement, answer, comparable ? expected[index] : undefined);
    if (found !== null) return { difference: found, statements, notes };
  }
  return { difference: null, statements, notes };
}

function check(
  statement: BuiltStatement,
  answer: DescribeAnswer,
  expected: DescribeExpectation | undefined,
): Difference | null {
  if (!answer.ok) {
    const { sqlstate, message } = answer.failure;
    return difference('PostgreSQL refuses the statement', '', `${sqlstate} ${message}`, statement);
  }
  if (expected === undefined) return null;
  for (const [index, types] of expected.parameters.entries()) {
    const type = answer.parameters[index];
    if (types === null || type === undefined || types.includes(type)) continue;
    const name = `parameter $${String(index + 1)}`;
    return difference(
      `${name} has another type`,
      `type ${types.join(' or ')}`,
      `type ${String(type)}`,
      statement,
    );
  }
  return expected.columns === null ? null : checkColumns(statement, answer.columns, expected.columns);
}

function checkColumns(
  statement: BuiltStatement,
  actual: readonly DescribedColumn[],
  expected: readonly { readonly name: string; readonly type: number }[],
): Difference | null {
  const shown = (columns: readonly { readonly name: string; readonly type: number }[]): string =>
    columns.map(({ name, type }) => `${name} ${String(type)}`).join(', ');
  const types = (columns: readonly { readonly type: number }[]): string =>
    columns.map(({ type }) => textual(type)).join();
  return types(actual) === types(expected)
    ? null
    : difference('the columns have other types', shown(expected), shown(actual), statement);
}

/** text, varchar, bpchar and name reach a driver as the same string. */
function textual(type: number): number {
  return [25, 1043, 1042, 19].includes(type) ? 25 : type;
}

function difference(
  summary: string,
  before: string,
  after: string,
  { sql, params }: BuiltStatement,
): Difference {
  return { level: 'describe', summary, before, after, input: `${sql}\n${JSON.stringify(params)}` };
}
