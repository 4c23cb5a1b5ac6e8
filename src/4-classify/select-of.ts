/** A SELECT of one expression and nothing else. */
import type { Expression } from '../3-parse/expression.js';
import type { Select } from '../3-parse/statement.js';

export function selectOf(
  expression: Expression,
  name: string,
  from: { readonly sql: string; readonly line: number },
): Select {
  return {
    kind: 'select',
    sql: from.sql.replace(/^return\b/i, 'SELECT'),
    line: from.line,
    columns: null,
    with: [],
    recursive: false,
    distinct: null,
    targets: [{ name, expression }],
    from: [],
    where: null,
    groupBy: [],
    groupingSets: null,
    having: null,
    windows: [],
    orderBy: [],
    limit: null,
    withTies: false,
    offset: null,
    locking: [],
    setOperation: null,
    values: null,
  };
}
