/** One statement or expression of a body: built, and with what is to be asked of PostgreSQL about it. */
import type { PostgresError } from '../io/database.js';
import { parseSqlText } from '../sql/parse-body.js';
import { scanTokens } from '../sql/parse-body-tokens.js';
import { applyColumns } from './apply-columns.js';
import { buildNestedStatement } from './build-statement.js';
import type { DescribeTask } from './describe-tasks.js';
import type { NameLookup } from './name-lookup.js';
import type { BodyRefusal } from './refusal.js';
import { emptyScope } from './scope.js';
import type { Statement, StatementColumn } from './statement.js';
import type { RoutineNames, StatementContext } from './statement-context.js';

export interface UnitSource {
  readonly text: string;
  /** Line of the routine's source on which the text starts. */
  readonly line: number;
  readonly lookup: NameLookup;
  readonly loginLookup: NameLookup | null;
  readonly names: RoutineNames;
}

export interface StatementUnit {
  readonly statement: Statement;
  readonly context: StatementContext;
  readonly task: DescribeTask | null;
  /** Filled while the task is settled; read it afterwards. */
  readonly refusals: BodyRefusal[];
}

export interface UnitOptions {
  readonly needs?: (context: StatementContext) => readonly number[];
  readonly gives?: number | null;
  readonly prepare?: (context: StatementContext) => void;
  readonly onColumns?: (columns: readonly StatementColumn[]) => void;
}

/** Builds one statement. A text that does not parse gives a refusal instead. */
export function statementUnit(source: UnitSource, options: UnitOptions = {}): StatementUnit | BodyRefusal {
  const parsed = parseSqlText(source.text);
  if (!parsed.ok) {
    return { id: 'body-parse-error', detail: parsed.message, line: source.line + (parsed.line ?? 1) - 1 };
  }
  const [raw] = parsed.statements;
  const tokens = scanTokens(source.text);
  if (!raw || parsed.statements.length !== 1 || !tokens) {
    return { id: 'body-parse-error', detail: 'one statement was expected', line: source.line };
  }
  const context: StatementContext = {
    lookup: source.lookup,
    loginLookup: source.loginLookup,
    names: source.names,
    text: source.text,
    bytes: Buffer.from(source.text),
    tokens,
    occurrences: [],
    insertions: [],
    errors: [],
    incomplete: false,
    nextRange: 1,
  };
  const built = buildNestedStatement(context, emptyScope, raw.node);
  const statement: Statement = { ...built, sql: source.text, line: source.line };
  const refusals: BodyRefusal[] = context.errors.map((detail) => ({
    id: 'body-parse-error',
    detail,
    line: source.line,
  }));
  const known = statement.kind !== 'unsupported-statement' || statement.called !== undefined;
  const describable = known && refusals.length === 0;
  const settle: DescribeTask['settle'] = (columns, failure) => {
    if (columns) {
      const applied = applyColumns(statement, columns, context.occurrences.length === 0);
      options.onColumns?.(applied);
    }
    if (failure && !context.incomplete && !hidden(failure)) refusals.push(refusalOf(failure, source));
  };
  const task: DescribeTask = {
    text: source.text,
    occurrences: context.occurrences,
    insertions: context.insertions,
    needs: options.needs?.(context) ?? [],
    gives: options.gives ?? null,
    prepare: () => options.prepare?.(context),
    settle,
  };
  return { statement, context, task: describable ? task : null, refusals };
}

export function isRefusal(unit: StatementUnit | BodyRefusal): unit is BodyRefusal {
  return 'id' in unit;
}

/** A login without rights learns nothing; the function itself may well run. */
function hidden(failure: PostgresError): boolean {
  return failure.sqlstate === '42501';
}

function refusalOf(failure: PostgresError, source: UnitSource): BodyRefusal {
  const before = failure.position === null ? '' : [...source.text].slice(0, failure.position - 1).join('');
  const line = source.line + (before.match(/\n/g)?.length ?? 0);
  return { id: 'body-parse-error', detail: `${failure.message} (${failure.sqlstate})`, line };
}
