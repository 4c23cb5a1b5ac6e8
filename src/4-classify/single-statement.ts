/** Bodies that are one statement in effect. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Body, SqlBody } from '../3-parse/body.js';
import type { Statement } from '../3-parse/statement.js';
import { plpgsqlSingle } from './plpgsql-single.js';
import { resultColumns } from './result-columns.js';
import type { BodyResult, RoutineReason } from './verdict.js';

export interface Single {
  readonly statement: Statement;
  readonly result: BodyResult;
}

/** Null: several steps. A reason: the body is one statement, and it fails whenever it runs. */
export function singleStatement(
  routine: Routine,
  body: Body,
  catalog: Catalog,
): Single | RoutineReason | null {
  return body.kind === 'sql' ? sqlSingle(routine, body, catalog) : plpgsqlSingle(routine, body, catalog);
}

/** The value of an SQL routine is that of its last statement; its first row when it is no set. */
function sqlSingle(routine: Routine, body: SqlBody, catalog: Catalog): Single | null {
  const [statement, ...others] = body.statements;
  if (!statement || others.length > 0 || isCall(statement)) return null;
  if (routine.returnType === VOID) return { statement, result: { kind: 'void', columns: [], strict: false } };
  // A procedure answers CALL with its OUT arguments, which no query gives.
  if (routine.kind === 'procedure') return null;
  const columns = resultColumns(routine, statement, catalog);
  if (columns === null) return null;
  return { statement, result: { kind: routine.returnsSet ? 'rows' : 'first-row', columns, strict: false } };
}

/** CALL is a step: what it calls becomes a function. */
export function isCall(statement: Statement): boolean {
  return statement.kind === 'unsupported-statement' && statement.called !== undefined;
}

export const VOID = 2278;
