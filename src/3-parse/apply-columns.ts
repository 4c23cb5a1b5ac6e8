/** Writes what Describe said of a statement's output into its tree. */
import type { DescribedColumn } from '../io/database.js';
import type { Expression } from './expression.js';
import type { SelectTarget, Statement, StatementColumn } from './statement.js';
import { targetsOf } from './build-with.js';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Types of the outermost targets become PostgreSQL's own; gives the columns. So do their names, but
 * only of a text that was described as it stands: a column is named after the parameter or variable
 * that it shows, and a placeholder has no name.
 */
export function applyColumns(
  statement: Statement,
  described: readonly DescribedColumn[],
  verbatim: boolean,
): readonly StatementColumn[] {
  const given = described.map(({ name, type, typmod }) => ({ name, type, typmod }));
  expandUnknownStar(statement, given);
  const written = targetsOf(statement);
  const known = written.length === given.length && !verbatim;
  const columns = known
    ? given.map((column, index) => ({ ...column, name: written[index]?.name ?? column.name }))
    : given;
  (statement as Writable<Statement>).columns = columns;
  const targets = targetsOf(statement) as readonly Writable<SelectTarget>[];
  if (targets.length !== columns.length) return columns;
  targets.forEach((target, index) => {
    const column = columns[index];
    if (!column) return;
    target.name = column.name;
    // A type from the catalog says more: Describe shows a domain as its base type.
    if (target.expression.type === null) target.expression = { ...target.expression, type: column.type };
  });
  return columns;
}

/** `SELECT *` from the one item whose columns only PostgreSQL knows. */
function expandUnknownStar(statement: Statement, columns: readonly StatementColumn[]): void {
  if (statement.kind !== 'select' || statement.targets.length !== 1 || statement.targets[0]?.name !== '*')
    return;
  const [item, ...others] = statement.from;
  if (!item || others.length > 0 || !('range' in item)) return;
  const targets = columns.map(({ name, type }): SelectTarget => {
    const expression: Expression = {
      kind: 'column',
      range: item.range,
      column: name,
      type,
      notNull: false,
      excluded: false,
    };
    return { name, expression };
  });
  (statement as Writable<typeof statement>).targets = targets;
}
