/** What a second session does to the rows of a table while the call under test runs. */
import { quoteIdentifier } from '../../sql/identifier.js';
import { quoteLiteral } from '../../sql/quote-literal.js';
import type { ScratchCopy } from '../scratch-copies.js';
import type { RaceTable } from './server-request.js';

export interface RaceChange {
  readonly table: string;
  /** For a person: `numbers of app.account changed`. */
  readonly label: string;
  /** Each is tried alone; what a constraint refuses is left out. */
  readonly statements: readonly string[];
}

/** Numbers and moments one up; texts, labels and booleans to another of the body's own values; rows gone. */
export async function raceChanges(
  copy: ScratchCopy,
  tables: readonly RaceTable[],
): Promise<readonly RaceChange[]> {
  const changes: RaceChange[] = [];
  for (const table of tables) {
    const columns = await readColumns(copy, table);
    const { name } = table;
    const numbers = columns.flatMap((column) => numberChange(name, column));
    const states = columns.flatMap((column) => stateChange(table, column));
    changes.push({ table: name, label: `numbers of ${name} changed`, statements: numbers });
    changes.push({ table: name, label: `states of ${name} changed`, statements: states });
    changes.push({ table: name, label: `rows of ${name} deleted`, statements: [`DELETE FROM ${name}`] });
  }
  return changes.filter(({ statements }) => statements.length > 0);
}

interface RaceColumn {
  readonly name: string;
  readonly type: string;
  readonly category: string;
  readonly labels: readonly string[];
}

/** Columns that are in no unique index and no foreign key, and that may be written. */
async function readColumns({ link }: ScratchCopy, { name }: RaceTable): Promise<readonly RaceColumn[]> {
  const [rows = []] = await link.query(`
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(b.typcategory, t.typcategory),
      coalesce((SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '[]')
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = nullif(t.typbasetype, 0)
    WHERE a.attrelid = ${quoteLiteral(name)}::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' AND a.attidentity = ''
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey))
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
    ORDER BY a.attnum`);
  return rows.map(([column, type, category, labels]) => ({
    name: column ?? '',
    type: type ?? 'text',
    category: category ?? '',
    labels: JSON.parse(labels ?? '[]') as string[],
  }));
}

function numberChange(table: string, { name, type, category }: RaceColumn): string[] {
  const column = quoteIdentifier(name);
  if (category === 'N') return [`UPDATE ${table} SET ${column} = coalesce(${column}, 0) + 1`];
  if (category === 'D') return [`UPDATE ${table} SET ${column} = (${column} + interval '1 day')::${type}`];
  return [];
}

function stateChange({ name: table, literals }: RaceTable, column: RaceColumn): string[] {
  const name = quoteIdentifier(column.name);
  if (column.category === 'B') return [`UPDATE ${table} SET ${name} = NOT coalesce(${name}, false)`];
  if (column.category !== 'S' && column.category !== 'E') return [];
  const own = literals[column.name] ?? [];
  const values = column.category === 'E' ? [...new Set([...own, ...column.labels])] : own;
  const [first, second] = values;
  if (first === undefined) return [`UPDATE ${table} SET ${name} = ${name} || '*'`];
  const other = second ?? `${first}*`;
  return [
    `UPDATE ${table} SET ${name} = CASE WHEN ${name}::text = ${quoteLiteral(first)} THEN ${quoteLiteral(other)} ELSE ${quoteLiteral(first)} END::${column.type}`,
  ];
}
