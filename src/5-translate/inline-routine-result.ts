/** The declared type of a result, where the body's own columns have another. */
import type { Catalog } from '../1-read/catalog.js';
import type { Select } from '../3-parse/statement.js';
import type { ResultColumn } from '../4-classify/verdict.js';
import { typeName } from './arguments.js';
import type { InlineInput } from './inline-routine.js';
import { unsupported } from './untranslatable.js';

/** Type to cast a scalar to, or null when it has the declared one. */
export function resultCast({ verdict, catalog }: InlineInput): string | null {
  const [column] = verdict.result.columns;
  if (column === undefined) return unsupported('a result without columns');
  return needsCast(column, verdict.statement.columns === null, catalog)
    ? typeName(catalog, column.type)
    : null;
}

/** The query with a cast on each column that needs one. */
export function withResultCasts(select: Select, { verdict, catalog }: InlineInput): Select {
  const { columns } = verdict.result;
  const unknown = verdict.statement.columns === null;
  if (!columns.some((column) => needsCast(column, unknown, catalog))) return select;
  if (select.setOperation !== null || select.values !== null)
    unsupported('a cast of the rows of a set operation');
  const targets = select.targets.map((target, index) => {
    const column = columns[index];
    if (column === undefined || !needsCast(column, unknown, catalog)) return target;
    const name = typeName(catalog, column.type);
    const cast = { kind: 'cast', operand: target.expression, typeName: name, type: column.type } as const;
    return { ...target, expression: cast };
  });
  return { ...select, targets };
}

/** Describe shows a domain as its base type, whose constraints a cast to the domain checks. */
function needsCast({ type, castFrom }: ResultColumn, unknown: boolean, catalog: Catalog): boolean {
  return unknown || castFrom !== null || catalog.types.get(type)?.kind === 'domain';
}
