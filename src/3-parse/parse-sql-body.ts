/** Bodies of SQL routines: a string, BEGIN ATOMIC, or RETURN. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { parseSqlText } from '../sql/parse-body.js';
import { nameLookup, searchPathOf } from './name-lookup.js';
import type { ParsingBody } from './parsing-body.js';
import type { BodyRefusal } from './refusal.js';
import { sqlRoutineNames } from './routine-names.js';
import type { StatementUnit } from './statement-unit.js';
import { isRefusal, statementUnit } from './statement-unit.js';
import { utilityAsQuery } from './utility-as-query.js';

export function parseSqlBody(routine: Routine, catalog: Catalog): ParsingBody | readonly BodyRefusal[] {
  const atomic = routine.sqlBody !== null;
  const source = atomic ? atomicSource(routine.sqlBody ?? '') : { text: routine.source, firstLine: 1 };
  const parsed = parseSqlText(source.text);
  if (!parsed.ok) {
    const line = parsed.line === null ? null : parsed.line + source.firstLine - 1;
    return [{ id: 'body-parse-error', detail: parsed.message, line }];
  }
  // PostgreSQL prints an atomic body for the reader's search path, not for the routine's.
  const own = atomic ? catalog.searchPath : searchPathOf(routine, catalog);
  const lookup = nameLookup(catalog, own);
  const loginLookup =
    own.join() === catalog.searchPath.join() ? null : nameLookup(catalog, catalog.searchPath);
  const names = sqlRoutineNames(routine, lookup);
  const units = parsed.statements.map((statement) =>
    statementUnit({
      text: utilityAsQuery(statement.text, routine) ?? statement.text,
      line: statement.line + source.firstLine - 1,
      lookup,
      loginLookup,
      names,
    }),
  );
  const refused = units.filter(isRefusal);
  if (refused.length > 0) return refused;
  const built = units.filter((unit): unit is StatementUnit => !isRefusal(unit));
  return {
    units: built,
    finish: () => ({ kind: 'sql', statements: built.map((unit) => unit.statement) }),
  };
}

/** The statements between BEGIN ATOMIC and END, or RETURN's expression as a SELECT. */
function atomicSource(body: string): { text: string; firstLine: number } {
  const returned = /^\s*RETURN\b/i.exec(body);
  if (returned) return { text: `SELECT${body.slice(returned[0].length)}`, firstLine: 1 };
  const text = body.replace(/^\s*BEGIN ATOMIC/i, '').replace(/END\s*$/i, '');
  return { text, firstLine: 1 };
}
