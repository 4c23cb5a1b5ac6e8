/** A counter-example as a person can run it: the arguments, the rows and the old call as SQL. */
import { quoteIdentifier } from '../sql/identifier.js';
import { quoteLiteral } from '../sql/quote-literal.js';
import type { TableRows } from './outcome.js';
import type { ProofCase } from './pair.js';
import type { SentStatement } from './sent-checks.js';

/** The arguments as JSON on the first line, then SQL. Generated columns are to be left out by who runs it. */
export function printExample(
  { args, broken }: ProofCase,
  tables: readonly TableRows[],
  sent: readonly SentStatement[],
): string {
  const inserts = tables.flatMap(({ name, columns, rows }) => {
    const list = columns.map(quoteIdentifier).join(', ');
    return rows.map((row) => {
      const values = row.map((value) => (value === null ? 'NULL' : quoteLiteral(value))).join(', ');
      return `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE VALUES (${values});`;
    });
  });
  const before = broken === undefined ? [] : [`${broken.sql};`];
  return [JSON.stringify(args), ...inserts, ...before, ...sent.map(call)].join('\n');
}

function call({ sql, values = [] }: SentStatement): string {
  const text = sql.replace(/\$(\d+)/g, (whole, number: string) => {
    const value = values[Number(number) - 1];
    return value === undefined ? whole : value === null ? 'NULL' : quoteLiteral(value);
  });
  return `${text};`;
}
