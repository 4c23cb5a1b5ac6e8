/**
 * A loop over a query that only returns the rows it reads is RETURN QUERY: both give the same rows and the same FOUND.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { Step, Variable } from '../3-parse/body.js';
import type { Statement } from '../3-parse/statement.js';
import { walk } from './walk-body.js';

type ReturnQuery = Extract<Step, { kind: 'return-query' }>;

/** `around`: the steps in which nothing else may read the record. */
export function asReturnQuery(
  step: Step,
  around: readonly Step[],
  variables: readonly Variable[],
  catalog: Catalog,
): ReturnQuery | null {
  if (step.kind !== 'for-query') return null;
  const { statement, line, sql } = step;
  const [next, ...others] = step.body;
  const [target, ...more] = step.target;
  if (next?.kind !== 'return-next' || target?.kind !== 'variable') return null;
  const { value } = next;
  if (others.length > 0 || more.length > 0 || value?.kind !== 'variable') return null;
  const variable = variables[target.variable];
  if (value.variable !== target.variable || value.path.length > 0) return null;
  if (variable?.origin !== 'declared' || variable.notNull || !takesAsIs(variable, statement, catalog))
    return null;
  return mentions(around, target.variable) === 2 ? { kind: 'return-query', statement, line, sql } : null;
}

/** No column is cast on its way into the variable. */
function takesAsIs({ type, typmod }: Variable, { columns }: Statement, catalog: Catalog): boolean {
  if (type === null) return true;
  const relation = catalog.relations.find(({ rowType }) => rowType === type);
  const own = relation?.columns ?? [{ type, typmod }];
  return (
    columns?.length === own.length &&
    own.every(
      (column, index) => column.type === columns[index]?.type && column.typmod === columns[index].typmod,
    )
  );
}

/** As a target and as a value. */
function mentions(steps: readonly Step[], id: number): number {
  let found = 0;
  walk(steps, null, ({ node }) => {
    if (/^(variable|field)$/.test(node.kind) && node['variable'] === id) found += 1;
  });
  return found;
}
