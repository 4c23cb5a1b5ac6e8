/** `v := (SELECT t FROM t WHERE …)`: at most one row of a table into a row variable reads like SELECT t.* INTO v. */
import type { Step, Variable } from '../../3-parse/body.js';
import type { Catalog } from '../../1-read/catalog.js';
import type { SelectTarget } from '../../3-parse/statement.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import { rowColumns } from './row-columns.js';

/** The step as it was where it is none. FOUND and ROW_COUNT stay as they are. */
export function withRowSubquery(step: Step, variables: readonly Variable[], catalog: Catalog): Step {
  if (step.kind !== 'assign' || step.target.kind !== 'variable' || step.value.kind !== 'scalar-subquery')
    return step;
  const { select } = step.value;
  const type = variables[step.target.variable]?.type ?? null;
  const [only] = select.targets;
  const row = only?.expression.kind === 'whole-row' ? only.expression : null;
  if (type === null || row === null || row.type !== type || !atMostOne(select, catalog)) return step;
  if (select.setOperation !== null || select.distinct !== null || select.groupBy.length > 0) return step;
  const columns = rowColumns(catalog, type);
  if (columns === null) return step;
  const targets = columns.map((column): SelectTarget => ({
    name: column.name,
    expression: {
      kind: 'column',
      range: row.range,
      column: column.name,
      notNull: false,
      excluded: false,
      type: column.type,
    },
  }));
  const { target, line, sql } = step;
  const into = { strict: false, targets: [target] };
  const statement = { ...select, targets, columns };
  return { kind: 'execute-sql', statement, into, line, sql, dynamic: true, assignment: true };
}
