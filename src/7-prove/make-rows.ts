/**
 * Four rows for every table that a body touches and for the tables that these refer to, each in several
 * spellings, because CHECK constraints and exclusions are only known by trying.
 * Rows go in out of the order of their keys, so that an order that nobody asked for shows.
 */
import type { Catalog, Column, Relation } from '../1-read/catalog.js';
import { quoteIdentifier } from '../sql/identifier.js';
import type { BodyFacts } from './body-facts.js';
import { quoteLiteral } from '../sql/quote-literal.js';
import type { RowCandidates } from './pair.js';
import { isKey, textOf, type RowContext } from './row-texts.js';
import { firstSpelling, plainRows, rowCount, rowsOf, type RowVariant } from './row-variants.js';

export interface MadeRows {
  /** Parents before children. */
  readonly rows: readonly RowCandidates[];
  /** Moves every sequence past the keys that are written out. */
  readonly sequences: readonly string[];
  /** Text of each column by `oid.column`, for rows 1, 2 and 3 in their first spelling. */
  readonly values: ReadonlyMap<string, readonly (string | null)[]>;
}

const spellings = 8;

/** `checks` holds the texts of CHECK constraints by pg_class OID; their literals become candidates. */
export function makeRows(
  catalog: Catalog,
  facts: BodyFacts,
  checks: ReadonlyMap<number, readonly string[]> = new Map(),
  variant: RowVariant = plainRows,
): MadeRows {
  const relations = new Map(catalog.relations.map((relation) => [relation.oid, relation]));
  const rows: RowCandidates[] = [];
  const sequences: string[] = [];
  const values = new Map<string, readonly (string | null)[]>();
  const emptied = emptiedBy(catalog, variant);
  for (const relation of withParents(
    catalog,
    facts.relations.flatMap((oid) => relations.get(oid) ?? []),
  )) {
    if (relation.kind !== 'table' && relation.kind !== 'partitioned-table') continue;
    const context: RowContext = {
      catalog,
      facts,
      checks: checks.get(relation.oid) ?? [],
      values,
      relation,
      variant,
    };
    const blocked = relation.columns.find(
      (column) =>
        column.notNull &&
        !isOmitted(column) &&
        textOf(context, column, 1, firstSpelling(variant)) === null &&
        column.default === null,
    );
    if (blocked !== undefined) {
      const label = `${relation.schema}.${relation.name}`;
      rows.push({ label, inserts: [], reason: `no value is known for ${blocked.name}` });
      continue;
    }
    for (const column of relation.columns) {
      const texts = Array.from({ length: rowsOf(variant) }, (_, index) =>
        textOf(context, column, index + 1, firstSpelling(variant)),
      );
      values.set(`${String(relation.oid)}.${column.name}`, texts);
    }
    if (emptied.has(relation.oid)) continue;
    for (const row of insertOrder(relation, rowsOf(variant))) rows.push(candidates(context, row));
    sequences.push(...sequenceMoves(relation));
  }
  return { rows, sequences, values };
}

/**
 * In a table that refers to itself parents come first, and their children out of order. Else of the rows that
 * share a parent, the first two and the last two, one pair goes in backwards, so that an order in either
 * direction shows within it.
 */
function insertOrder({ schema, name, foreignKeys }: Relation, rows: number): readonly number[] {
  const own = foreignKeys.some(({ references }) => references.schema === schema && references.table === name);
  const more = Array.from({ length: rows - rowCount }, (_, index) => rowCount + 1 + index);
  return own ? [1, 3, 2, 4, ...more] : [...more.reverse(), 3, 2, 4, 1];
}

/** Without what they refer to, rows cannot be: either go too, or what they refer to stays. */
function emptiedBy({ relations }: Catalog, { empty = [], cascade }: RowVariant): ReadonlySet<number> {
  const childrenOf = (oid: number): readonly Relation[] => {
    const parent = relations.find((one) => one.oid === oid);
    return relations.filter(({ foreignKeys }) =>
      foreignKeys.some(
        ({ references }) => references.schema === parent?.schema && references.table === parent.name,
      ),
    );
  };
  if (cascade !== true) return new Set(empty.filter((oid) => childrenOf(oid).length === 0));
  const emptied = new Set(empty);
  for (const oid of emptied) for (const child of childrenOf(oid)) emptied.add(child.oid);
  return emptied;
}

function candidates(context: RowContext, row: number): RowCandidates {
  const { relation } = context;
  const written = relation.columns.filter((column) => !isOmitted(column));
  const inserts = new Set<string>();
  const first = firstSpelling(context.variant);
  for (let turn = 0; turn < spellings; turn += 1)
    inserts.add(insert(context, written, row, (first + turn) % spellings));
  const needed = written.filter(
    (column) => column.notNull && (column.default === null || isKey(relation, column)),
  );
  for (let spelling = 0; spelling < spellings; spelling += 1)
    inserts.add(insert(context, needed, row, spelling));
  const label = `${relation.schema}.${relation.name} row ${String(row)}`;
  return { label, inserts: [...inserts], ...(row > rowCount ? { optional: true } : {}) };
}

function insert(context: RowContext, columns: readonly Column[], row: number, spelling: number): string {
  const { relation } = context;
  const table = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
  if (columns.length === 0) return `INSERT INTO ${table} DEFAULT VALUES`;
  const overriding = columns.some(({ identity }) => identity === 'always') ? ' OVERRIDING SYSTEM VALUE' : '';
  const texts = columns.map((column) => {
    const text = textOf(context, column, row, spelling);
    return text === null ? (column.notNull ? 'DEFAULT' : 'NULL') : quoteLiteral(text);
  });
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  return `INSERT INTO ${table} (${names})${overriding} VALUES (${texts.join(', ')})`;
}

function isOmitted({ generated }: Column): boolean {
  return generated;
}

/** Past the largest key, 1000 for made rows. */
export function sequenceMoves(
  relation: Relation,
  largest: (column: string) => number = () => 1000,
): string[] {
  const table = quoteLiteral(`${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`);
  return relation.columns.flatMap(({ name, identity, default: text }) => {
    const named = text === null ? null : /^nextval\(('(?:[^']|'')+')::regclass\)/.exec(text);
    if (named?.[1] !== undefined) return [`SELECT setval(${named[1]}, ${String(largest(name))})`];
    return identity === null
      ? []
      : [`SELECT setval(pg_get_serial_sequence(${table}, ${quoteLiteral(name)}), ${String(largest(name))})`];
  });
}

/** The relations with all that they refer to, parents first. A cycle is entered where it is met. */
export function withParents(catalog: Catalog, touched: readonly Relation[]): readonly Relation[] {
  const ordered = new Set<Relation>();
  const entered = new Set<Relation>();
  const enter = (relation: Relation): void => {
    if (entered.has(relation)) return;
    entered.add(relation);
    for (const { references } of relation.foreignKeys) {
      const parent = catalog.relations.find(
        ({ schema, name }) => schema === references.schema && name === references.table,
      );
      if (parent !== undefined) enter(parent);
    }
    ordered.add(relation);
  };
  touched.forEach(enter);
  return [...ordered];
}
