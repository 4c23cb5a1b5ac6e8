/**
 * Rows of the database itself for the proof, read in read-only transactions: so many of each table that a
 * body touches, and all that these refer to. The same seed gives the same rows as long as they stay the same.
 */
import type { Catalog, ForeignKey, Relation } from '../1-read/catalog.js';
import type { Database } from '../io/database.js';
import { quoteIdentifier } from '../sql/identifier.js';
import { quoteLiteral } from '../sql/quote-literal.js';
import { sequenceMoves, withParents, type MadeRows } from './make-rows.js';
import type { RowCandidates } from './pair.js';

export interface SampledRows extends MadeRows {
  /** Sentences on what the login could not see. */
  readonly notes: readonly string[];
}

type Row = readonly (string | null)[];

interface SampledTable {
  readonly relation: Relation;
  readonly rows: Row[];
}

/** `relations` are pg_class OIDs. Values are those of rows 1, 2 and so on of each table. */
export async function sampleRows(
  db: Database,
  catalog: Catalog,
  {
    relations,
    rows: count,
    seed,
  }: { readonly relations: readonly number[]; readonly rows: number; readonly seed: number },
): Promise<SampledRows> {
  const notes: string[] = [];
  const touched = catalog.relations.filter(({ oid, kind }) => relations.includes(oid) && isStored(kind));
  const tables = new Map<number, SampledTable>();
  for (const relation of withParents(catalog, touched).filter(({ kind }) => isStored(kind))) {
    const wanted = touched.includes(relation) ? count : 0;
    const order = `md5(${quoteLiteral(String(seed))} || t::text)`;
    tables.set(relation.oid, {
      relation,
      rows: await read(db, relation, `ORDER BY ${order} LIMIT ${String(wanted)}`, notes),
    });
  }
  await addParents(db, catalog, tables, notes);
  const sampled = [...tables.values()];
  return {
    rows: sampled.flatMap(candidatesOf),
    sequences: sampled.flatMap((table) => sequenceMoves(table.relation, (column) => largest(table, column))),
    values: new Map(
      sampled.flatMap(({ relation, rows }) =>
        relation.columns.map(
          ({ name }, index) =>
            [`${String(relation.oid)}.${name}`, rows.map((row) => row[index] ?? null)] as const,
        ),
      ),
    ),
    notes,
  };
}

const isStored = (kind: Relation['kind']): boolean => kind === 'table' || kind === 'partitioned-table';

/** Until every row that is referred to is there; a row that refers to one of its own table too. */
async function addParents(
  db: Database,
  catalog: Catalog,
  tables: ReadonlyMap<number, SampledTable>,
  notes: string[],
): Promise<void> {
  for (let added = true; added;) {
    added = false;
    for (const { relation, rows } of tables.values()) {
      for (const key of relation.foreignKeys) {
        const parent = parentOf(catalog, tables, key);
        if (parent === undefined) continue;
        const missing = missingKeys(relation, rows, key, parent);
        if (missing.length === 0) continue;
        const columns = key.references.columns.map((name) => `t.${quoteIdentifier(name)}::text`).join(', ');
        const list = missing
          .map((one) => `(${one.map((text) => quoteLiteral(text ?? '')).join(', ')})`)
          .join(', ');
        const found = await read(
          db,
          parent.relation,
          `WHERE (${columns}) IN (${list}) ORDER BY t::text`,
          notes,
        );
        parent.rows.unshift(...found);
        added ||= found.length > 0;
      }
    }
  }
}

function parentOf(
  catalog: Catalog,
  tables: ReadonlyMap<number, SampledTable>,
  { references }: ForeignKey,
): SampledTable | undefined {
  const found = catalog.relations.find(
    ({ schema, name }) => schema === references.schema && name === references.table,
  );
  return found === undefined ? undefined : tables.get(found.oid);
}

function missingKeys(
  relation: Relation,
  rows: readonly Row[],
  key: ForeignKey,
  parent: SampledTable,
): readonly Row[] {
  const pick = ({ columns }: Relation, names: readonly string[], row: Row): Row =>
    names.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null);
  const there = new Set(
    parent.rows.map((row) => JSON.stringify(pick(parent.relation, key.references.columns, row))),
  );
  const wanted = new Map<string, Row>();
  for (const row of rows) {
    const values = pick(relation, key.columns, row);
    // A NULL in it refers to nothing.
    if (!values.includes(null) && !there.has(JSON.stringify(values)))
      wanted.set(JSON.stringify(values), values);
  }
  return [...wanted.values()];
}

/** Whether row security filters what this login sees is asked in the same transaction. */
async function read(db: Database, relation: Relation, clause: string, notes: string[]): Promise<Row[]> {
  const name = nameOf(relation);
  const columns = relation.columns.map((column) => `t.${quoteIdentifier(column.name)}::text`).join(', ');
  try {
    const sets = await db.query(`BEGIN READ ONLY;
      SELECT row_security_active(${quoteLiteral(name)}::regclass) AS hidden;
      SELECT json_build_array(${columns}) AS row FROM ${name} AS t ${clause};
      COMMIT`);
    if (sets[1]?.rows[0]?.['hidden'] === true) {
      tell(notes, `${name}: row security hides rows from this login, so the sample holds only what it sees`);
    }
    return (sets[2]?.rows ?? []).map(({ row }) => row as Row);
  } catch (error) {
    await db.query('ROLLBACK').catch(() => []);
    tell(notes, `${name} could not be sampled: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function tell(notes: string[], note: string): void {
  if (!notes.includes(note)) notes.push(note);
}

/** Keys within one statement are checked at its end: a table that refers to itself is one statement. */
function candidatesOf({ relation, rows }: SampledTable): RowCandidates[] {
  const own = relation.foreignKeys.some(
    ({ references }) => references.schema === relation.schema && references.table === relation.name,
  );
  const groups = own ? (rows.length === 0 ? [] : [rows]) : rows.map((row) => [row]);
  return groups.map((group, index) => ({
    label: `${nameOf(relation)} sampled ${own ? 'rows' : `row ${String(index + 1)}`}`,
    inserts: [insert(relation, group)],
  }));
}

function insert(relation: Relation, rows: readonly Row[]): string {
  const written = relation.columns.flatMap((column, index) => (column.generated ? [] : [{ column, index }]));
  const overriding = written.some(({ column }) => column.identity === 'always')
    ? ' OVERRIDING SYSTEM VALUE'
    : '';
  const names = written.map(({ column }) => quoteIdentifier(column.name)).join(', ');
  const values = rows.map((row) => {
    const texts = written.map(({ index }) => row[index] ?? null);
    return `(${texts.map((text) => (text === null ? 'NULL' : quoteLiteral(text))).join(', ')})`;
  });
  return `INSERT INTO ${nameOf(relation)} (${names})${overriding} VALUES ${values.join(', ')}`;
}

/** At least what the next made key would be. */
function largest({ relation, rows }: SampledTable, column: string): number {
  const position = relation.columns.findIndex(({ name }) => name === column);
  return rows.reduce((most, row) => Math.max(most, Number(row[position] ?? 0) || 0), 1000);
}

function nameOf({ schema, name }: Relation): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
