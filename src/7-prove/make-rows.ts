/**
 * Four rows for every table that a body touches and for the tables that these refer to, each in several
 * spellings, because CHECK constraints and exclusions are only known by trying.
 * Rows go in out of the order of their keys, so that an order that nobody asked for shows.
 */
import type { Catalog, Column, ForeignKey, Relation } from '../1-read/catalog.js';
import type { BodyFacts } from './body-facts.js';
import { quoteIdentifier, quoteLiteral } from './clone-session.js';
import type { RowCandidates } from './pair.js';
import { baseType, isJson, keyedObjects, rowValue, storedEdges } from './sample-values.js';

export interface MadeRows {
  /** Parents before children. */
  readonly rows: readonly RowCandidates[];
  /** Moves every sequence past the keys that are written out. */
  readonly sequences: readonly string[];
  /** Text of each column by `oid.column`, for rows 1, 2 and 3 in their first spelling. */
  readonly values: ReadonlyMap<string, readonly (string | null)[]>;
}

export const rowCount = 4;
const spellings = 8;

/**
 * What the rows are like: plain, with literals of the body and their neighbours · other literals · values at the
 * limits of their types · NULL wherever it may stand · all alike but for their keys · in the reverse order.
 */
export const rowVariants = ['plain', 'other', 'edges', 'nulls', 'alike', 'reversed'] as const;
export type RowVariant = (typeof rowVariants)[number];

const firstSpelling: Readonly<Record<RowVariant, number>> = {
  plain: 0,
  other: 1,
  edges: 2,
  nulls: 0,
  alike: 0,
  reversed: 0,
};

/** `checks` holds the texts of CHECK constraints by pg_class OID; their literals become candidates. */
export function makeRows(
  catalog: Catalog,
  facts: BodyFacts,
  checks: ReadonlyMap<number, readonly string[]> = new Map(),
  variant: RowVariant = 'plain',
): MadeRows {
  const relations = new Map(catalog.relations.map((relation) => [relation.oid, relation]));
  const rows: RowCandidates[] = [];
  const sequences: string[] = [];
  const values = new Map<string, readonly (string | null)[]>();
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
        textOf(context, column, 1, firstSpelling[variant]) === null &&
        column.default === null,
    );
    if (blocked !== undefined) {
      const label = `${relation.schema}.${relation.name}`;
      rows.push({ label, inserts: [], reason: `no value is known for ${blocked.name}` });
      continue;
    }
    for (const column of relation.columns) {
      const texts = Array.from({ length: rowCount }, (_, index) =>
        textOf(context, column, index + 1, firstSpelling[variant]),
      );
      values.set(`${String(relation.oid)}.${column.name}`, texts);
    }
    for (const row of insertOrder(relation)) rows.push(candidates(context, row));
    sequences.push(...sequenceMoves(relation));
  }
  return { rows, sequences, values };
}

interface RowContext {
  readonly catalog: Catalog;
  readonly facts: BodyFacts;
  readonly checks: readonly string[];
  readonly values: ReadonlyMap<string, readonly (string | null)[]>;
  readonly relation: Relation;
  readonly variant: RowVariant;
}

/** A table that refers to itself needs its first rows first. */
function insertOrder({ schema, name, foreignKeys }: Relation): readonly number[] {
  const own = foreignKeys.some(({ references }) => references.schema === schema && references.table === name);
  return own ? [1, 2, 3, 4] : [3, 1, 4, 2];
}

function candidates(context: RowContext, row: number): RowCandidates {
  const { relation } = context;
  const written = relation.columns.filter((column) => !isOmitted(column));
  const inserts = new Set<string>();
  const first = firstSpelling[context.variant];
  for (let turn = 0; turn < spellings; turn += 1)
    inserts.add(insert(context, written, row, (first + turn) % spellings));
  const needed = written.filter(
    (column) => column.notNull && (column.default === null || isKey(relation, column)),
  );
  for (let spelling = 0; spelling < spellings; spelling += 1)
    inserts.add(insert(context, needed, row, spelling));
  return { label: `${relation.schema}.${relation.name} row ${String(row)}`, inserts: [...inserts] };
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

/** The text of a column in a row; a higher spelling tries other candidates where there are several. */
function textOf(context: RowContext, column: Column, row: number, spelling: number): string | null {
  const { catalog, relation, values } = context;
  const foreign = relation.foreignKeys.find(({ columns }) => columns.includes(column.name));
  if (foreign !== undefined) {
    const parent = parentTexts(catalog, foreign, column, values);
    // Rows share parents unless the column is unique; the third and fourth parent stay without children.
    if (parent !== null) return parent[isKey(relation, column) ? row - 1 : row > 2 ? 1 : 0] ?? null;
    if (!column.notNull) return null;
  }
  const label = column.name;
  if (isKey(relation, column)) return trimmed(column, rowValue(catalog, column.type, row, label));
  if (context.variant === 'nulls' && !column.notNull) return null;
  return trimmed(column, plainText(context, column, likeness(context.variant, row), spelling));
}

/** The row whose values a row takes where they are not its keys. */
function likeness(variant: RowVariant, row: number): number {
  if (variant === 'alike') return 1;
  return variant === 'reversed' ? rowCount + 1 - row : row;
}

function plainText(context: RowContext, column: Column, row: number, spelling: number): string | null {
  const { catalog } = context;
  const label = column.name;
  const met = metText(context, column, row, spelling);
  if (met !== null) return met;
  if (!column.notNull && row === rowCount && spelling % 2 === 0) return null;
  if (spelling >= 2) {
    const edges = storedEdges(catalog, column.type);
    return (
      edges[(spelling - 2 + (context.variant === 'edges' ? row - 1 : 0)) % edges.length] ??
      rowValue(catalog, column.type, row, label)
    );
  }
  return rowValue(catalog, column.type, row + spelling * rowCount, label);
}

/** A literal of the body or of a constraint; numbers of the body come with their neighbours. */
function metText(context: RowContext, column: Column, row: number, spelling: number): string | null {
  const { catalog, facts, relation } = context;
  const usable = (texts: readonly string[]): string[] =>
    texts.filter((text, index) => fits(context, column, text) && texts.indexOf(text) === index);
  const body = usable(facts.columnLiterals.get(`${String(relation.oid)}.${column.name}`) ?? []);
  const checks = usable(context.checks.filter((check) => mentions(check, column.name)).flatMap(literalsOf));
  const category = baseType(catalog, column.type)?.category;
  if (category === 'B') return null;
  const keys = facts.columnLiterals.get(`${String(relation.oid)}.${column.name}`) ?? [];
  if (isJson(catalog, column.type))
    return keys.length === 0 ? null : (keyedObjects(keys)[row - 1 + spelling] ?? null);
  if (category !== 'N') {
    const all = usable([...body, ...checks]);
    return all[(row - 1 + Math.floor(spelling / 2)) % all.length] ?? null;
  }
  if (spelling === 0) {
    const literal = body[0];
    return literal === undefined ? null : String(Number(literal) + ([0, 1, -1, 0][row - 1] ?? 0));
  }
  const all = usable([...checks, ...body]);
  return all[(spelling - 1) % all.length] ?? null;
}

function parentTexts(
  catalog: Catalog,
  { columns, references }: ForeignKey,
  column: Column,
  values: RowContext['values'],
): readonly (string | null)[] | null {
  const target = references.columns[columns.indexOf(column.name)];
  const parent = catalog.relations.find(
    ({ schema, name }) => schema === references.schema && name === references.table,
  );
  return values.get(`${String(parent?.oid)}.${String(target)}`) ?? null;
}

/** Length of varchar(n) and char(n) stands in the modifier, four more than n. */
function trimmed({ typmod, type }: Column, text: string | null): string | null {
  const limited = (type === 1043 || type === 1042) && typmod > 4;
  return text !== null && limited ? text.slice(-(typmod - 4)) : text;
}

/** A literal that meets a column may be of another type: a number beside a text, a text beside a date. */
function fits({ catalog }: RowContext, { type }: Column, text: string): boolean {
  const base = baseType(catalog, type);
  if (base === null) return false;
  if (base.kind === 'enum') return base.enumLabels.includes(text);
  if (base.category === 'N') return /^-?\d+(\.\d+)?$/.test(text);
  if (base.category === 'B') return /^(true|false|t|f)$/.test(text);
  return base.category === 'S';
}

export function mentions(check: string, column: string): boolean {
  return new RegExp(`(?<!\\w)"?${column.replace(/[^\w]/g, '.')}"?(?!\\w)`).test(check);
}

/** String constants, and numbers with their neighbours, of a constraint's text. */
export function literalsOf(check: string): string[] {
  const strings = [...check.matchAll(/'((?:[^']|'')*)'/g)].map((match) =>
    (match[1] ?? '').replaceAll("''", "'"),
  );
  const numbers = [...check.replace(/'(?:[^']|'')*'/g, '').matchAll(/(?<![\w.])-?\d+(?:\.\d+)?/g)]
    .map((match) => Number(match[0]))
    .flatMap((value) => [String(value + 1), String(value), String(value - 1)]);
  return [...strings, ...numbers];
}

function isOmitted({ generated }: Column): boolean {
  return generated;
}

function isKey({ keys }: Relation, { name }: Column): boolean {
  return (
    keys.some(
      ({ columns, predicate }) => predicate === null && columns.length === 1 && columns[0] === name,
    ) || keys.some(({ primary, columns }) => primary && columns.at(-1) === name)
  );
}

function sequenceMoves(relation: Relation): string[] {
  const table = quoteLiteral(`${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`);
  return relation.columns.flatMap(({ name, identity, default: text }) => {
    const named = text === null ? null : /^nextval\(('(?:[^']|'')+')::regclass\)/.exec(text);
    if (named?.[1] !== undefined) return [`SELECT setval(${named[1]}, 1000)`];
    return identity === null
      ? []
      : [`SELECT setval(pg_get_serial_sequence(${table}, ${quoteLiteral(name)}), 1000)`];
  });
}

/** The relations with all that they refer to, parents first. A cycle is entered where it is met. */
function withParents(catalog: Catalog, touched: readonly Relation[]): readonly Relation[] {
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
