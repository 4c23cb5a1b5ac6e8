/** Parses the bodies of routines: names resolved here, types asked from PostgreSQL in a few round trips for all. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Database } from '../io/database.js';
import { loadSqlParser } from '../sql/load-sql-parser.js';
import type { Body } from './body.js';
import { describeTasks } from './describe-tasks.js';
import { parsePlpgsqlBody } from './parse-plpgsql-body.js';
import { parseSqlBody } from './parse-sql-body.js';
import type { ParsingBody } from './parsing-body.js';
import type { BodyRefusal } from './refusal.js';

/**
 * Gives, by OID, the body or the reasons that a routine has none. Nothing is executed on `db`: each
 * statement is described with its parameters untyped, and again with the declared types.
 * Throws only what the connection throws.
 */
export async function parseRoutines(
  routines: readonly Routine[],
  catalog: Catalog,
  db: Database,
): Promise<ReadonlyMap<number, Body | BodyRefusal[]>> {
  await loadSqlParser();
  const parsing = routines.map((routine) => ({ routine, parsed: parseBody(routine, catalog) }));
  const tasks = parsing.flatMap(({ parsed }) =>
    'units' in parsed ? parsed.units.flatMap((unit) => unit.task ?? []) : [],
  );
  await describeTasks(db, tasks);
  return new Map(parsing.map(({ routine, parsed }) => [routine.oid, finish(parsed)]));
}

function parseBody(routine: Routine, catalog: Catalog): ParsingBody | readonly BodyRefusal[] {
  const refused = unparsed(routine, catalog);
  if (refused) return [refused];
  try {
    return routine.language === 'sql' ? parseSqlBody(routine, catalog) : parsePlpgsqlBody(routine, catalog);
  } catch (error) {
    // Thousands of nested operators exhaust the stack; PostgreSQL has a limit of its own there.
    if (!(error instanceof RangeError)) throw error;
    return [{ id: 'body-parse-error', detail: 'an expression is nested too deeply', line: null }];
  }
}

/** Routines whose body is not looked at. */
function unparsed(routine: Routine, catalog: Catalog): BodyRefusal | null {
  if (routine.language !== 'sql' && routine.language !== 'plpgsql') {
    return { id: 'not-sql-language', detail: `language ${routine.language}`, line: null };
  }
  if (routine.extension !== null)
    return { id: 'extension-owned', detail: `extension ${routine.extension}`, line: null };
  const result = catalog.types.get(routine.returnType)?.name;
  if (result === 'trigger' || result === 'event_trigger')
    return { id: 'trigger-function', detail: `RETURNS ${result}`, line: null };
  const polymorphic = [routine.returnType, ...routine.arguments.map((argument) => argument.type)]
    .map((oid) => catalog.types.get(oid))
    .find((type) => type?.kind === 'pseudo' && /^any/.test(type.name));
  return polymorphic ? { id: 'polymorphic', detail: polymorphic.name, line: null } : null;
}

function finish(parsed: ParsingBody | readonly BodyRefusal[]): Body | BodyRefusal[] {
  if (!('units' in parsed)) return [...parsed];
  const body = parsed.finish();
  const makesRelations = parsed.units.some(
    ({ statement }) =>
      statement.kind === 'unsupported-statement' && /^(CREATE|ALTER|SELECT INTO)/.test(statement.construct),
  );
  const refusals = parsed.units
    .flatMap((unit) => unit.refusals)
    // What the body itself creates does not exist while it is described.
    .filter((refusal) => !makesRelations || !/\((42P01|42703|42704|42883|3F000)\)$/.test(refusal.detail));
  return refusals.length > 0 ? refusals : body;
}
