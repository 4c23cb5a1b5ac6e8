/** `… INTO v; RETURN v`, and INTO of all OUT variables. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Into, PlpgsqlBody, Step, Target, Variable } from '../3-parse/body.js';
import type { Statement, StatementColumn } from '../3-parse/statement.js';
import { nameLookup } from '../3-parse/name-lookup.js';
import { relationColumns } from '../3-parse/scope.js';
import { atMostOne } from './at-most-one.js';
import { sameType } from './result-columns.js';
import type { Single } from './single-statement.js';
import type { ResultColumn } from './verdict.js';

/** Null wherever the statement alone could give something else. */
export function intoPattern(
  step: Extract<Step, { kind: 'execute-sql' }>,
  rest: readonly Step[],
  routine: Routine,
  body: PlpgsqlBody,
  catalog: Catalog,
): Single | null {
  const { into, statement } = step;
  const given = statement.columns;
  if (!into || !given || routine.returnsSet || routine.kind === 'procedure') return null;
  // INTO takes the first row of a query, but of a write with RETURNING a second row is an error. EXECUTE runs it all.
  if ((statement.kind !== 'select' || step.dynamic === true) && !atMostOne(statement, catalog)) return null;
  const columns =
    rest.length === 0
      ? outColumns(into.targets, given, body, catalog)
      : returnedColumns(into, rest, given, routine, body, catalog);
  return (
    columns && {
      statement: statement satisfies Statement,
      result: { kind: 'first-row', columns, strict: into.strict },
    }
  );
}

/** All OUT variables, each once and in their order. */
function outColumns(
  targets: readonly Target[],
  given: readonly StatementColumn[],
  body: PlpgsqlBody,
  catalog: Catalog,
): readonly ResultColumn[] | null {
  const out = body.variables.filter((variable) => variable.origin === 'out');
  if (out.length === 0 || out.length !== targets.length || given.length !== out.length) return null;
  if (!out.every((variable, index) => isTarget(targets[index], variable))) return null;
  return out.flatMap((variable, index) => assigned(variable, variable.name, given[index], catalog) ?? []);
}

function returnedColumns(
  into: Into,
  rest: readonly Step[],
  given: readonly StatementColumn[],
  routine: Routine,
  body: PlpgsqlBody,
  catalog: Catalog,
): readonly ResultColumn[] | null {
  const [last, ...more] = rest;
  const [target, ...others] = into.targets;
  if (last?.kind !== 'return' || more.length > 0 || target?.kind !== 'variable' || others.length > 0)
    return null;
  const variable = body.variables[target.variable];
  const value = last.value;
  if (!variable || value?.kind !== 'variable' || value.variable !== variable.id || value.path.length > 0)
    return null;
  // A domain or NOT NULL refuses the NULL of an empty result; another type is cast twice.
  if (variable.notNull || variable.type !== routine.returnType) return null;
  const type = catalog.types.get(routine.returnType);
  if (type?.kind === 'domain' && type.notNull) return null;
  if (type?.kind !== 'composite') {
    const column = given.length === 1 ? assigned(variable, routine.name, given[0], catalog) : null;
    return column && [column];
  }
  const relation = nameLookup(catalog, catalog.searchPath).relationByOid(type.relation);
  const fields = relation ? relationColumns(relation) : [];
  if (fields.length !== given.length) return null;
  return fields.map((field, index): ResultColumn => {
    const from = given[index]?.type ?? 0;
    return {
      name: field.name,
      type: field.type ?? from,
      typmod: field.typmod,
      castFrom: sameType(from, field.type ?? from, catalog) ? null : from,
    };
  });
}

/** What a column becomes by assignment to a variable: its type, and its modifier (numeric(12,2) rounds). */
function assigned(
  variable: Variable,
  name: string,
  from: StatementColumn | undefined,
  catalog: Catalog,
): ResultColumn | null {
  if (!from || variable.type === null) return null;
  const same =
    sameType(from.type, variable.type, catalog) &&
    (variable.typmod === -1 || variable.typmod === from.typmod);
  return { name, type: variable.type, typmod: variable.typmod, castFrom: same ? null : from.type };
}

function isTarget(target: Target | undefined, variable: Variable): boolean {
  return target?.kind === 'variable' && target.variable === variable.id;
}
