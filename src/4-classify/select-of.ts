/** A SELECT of one expression and nothing else. */
import type { Expression } from '../3-parse/expression.js';
import type { Select } from '../3-parse/statement.js';

export function selectOf(
  expression: Expression,
  name: string,
  from: { readonly sql: string; readonly line: number },
): Select {
  const sql = from.sql.replace(/^return\b/i, 'SELECT');
  return { ...emptySelect, sql, line: from.line, targets: [{ name, expression }] };
}

/** A SELECT of nothing. */
export const emptySelect: Select = {
  kind: 'select',
  sql: '',
  line: 0,
  columns: null,
  with: [],
  recursive: false,
  distinct: null,
  targets: [],
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
