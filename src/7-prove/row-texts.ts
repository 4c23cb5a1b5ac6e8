/** The text of each column of a made row: keys and references first, then what the variant asks for. */
import type { Catalog, Column, Relation } from '../1-read/catalog.js';
import type { BodyFacts } from './body-facts.js';
import { falsyText } from './falsy-text.js';
import { literalsOf, mentions, textsTaken } from './check-literals.js';
import { ownTarget, parentTexts } from './parent-texts.js';
import { likeness, rowCount, type RowVariant } from './row-variants.js';
import { baseType, isDay, isJson, keyedObjects, rowValue, storedEdges } from './sample-values.js';

export interface RowContext {
  readonly catalog: Catalog;
  readonly facts: BodyFacts;
  readonly checks: readonly string[];
  readonly values: ReadonlyMap<string, readonly (string | null)[]>;
  readonly relation: Relation;
  readonly variant: RowVariant;
}

/** The text of a column in a row; a higher spelling tries other candidates where there are several. */
export function textOf(context: RowContext, column: Column, row: number, spelling: number): string | null {
  const { catalog, facts, relation, values } = context;
  const foreign = relation.foreignKeys.find(({ columns }) => columns.includes(column.name));
  if (foreign !== undefined) {
    if (context.variant.base === 'nulls' && !column.notNull && !isKey(relation, column)) return null;
    const target = isKey(relation, column) ? undefined : ownTarget(relation, foreign, column);
    if (target !== undefined) {
      if (row === 1 && !column.notNull) return null;
      return textOf(context, target, row === rowCount ? 2 : 1, 0);
    }
    const parent = parentTexts(catalog, foreign, column, values);
    // Rows share parents, two and two or three and one, unless the column is unique; other parents stay alone.
    const first = context.variant.base === 'other' ? 3 : 2;
    const apart = context.variant.crowd === undefined && context.variant.many === undefined;
    const { crowd, falsy } = context.variant;
    const second = crowd === 'tomorrow' ? row === rowCount : apart && row > first;
    const shared = falsy === true ? row - 1 : second ? 1 : 0;
    if (parent !== null) return parent[isKey(relation, column) ? row - 1 : shared] ?? null;
    if (!column.notNull) return null;
  }
  const [met] = metNumbers(context, column);
  if (isKey(relation, column) && context.variant.keys === 'by literals' && met !== undefined)
    return String(met + row - 2);
  const { variant } = context;
  if (isKey(relation, column))
    return trimmed(
      column,
      rowValue(catalog, column.type, keyedRow(context, column, row), labelOf(context, column)),
    );
  if (variant.crowd !== undefined && spelling === 0 && isDay(catalog, column.type)) return variant.crowd;
  if (variant.many !== undefined && spelling === 0) {
    const key = `${String(relation.oid)}.${column.name}`;
    if (variant.many.side === -1 && !column.notNull && facts.nullTested.includes(key)) return null;
    if (isDay(catalog, column.type)) return distantDay(catalog, column, row, variant.many.side);
  }
  const literals = facts.columnLiterals.get(`${String(relation.oid)}.${column.name}`) ?? [];
  // A text that the body asks for stays in most rows, or nothing would be found.
  const asked = row > 1 && literals.length > 0 && baseType(catalog, column.type)?.category === 'S';
  const falsy = variant.falsy === true && spelling === 0 && !asked ? falsyText(catalog, column, row) : null;
  if (falsy !== null) return falsy;
  const unset = variant.base === 'alike' && variant.turn === 1 && literals.length === 0;
  const alone = variant.only?.key === `${String(relation.oid)}.${column.name}`;
  if ((variant.base === 'nulls' || (unset && !alone)) && !column.notNull) return null;
  if (variant.only !== null && alone) {
    const all = alternatives(context, column);
    return trimmed(column, all[(variant.only.chunk * rowCount + row - 1) % Math.max(1, all.length)] ?? null);
  }
  return trimmed(column, plainText(context, column, likeness(variant, row), spelling));
}

/** Keys begin at 0 where many rows lie below; what a CHECK says of a key may refuse it. */
function keyedRow({ catalog, checks, variant }: RowContext, { name, type }: Column, row: number): number {
  const whole = /^int\d$/.test(catalog.types.get(type)?.name ?? '');
  const free = whole && !checks.some((check) => mentions(check, name));
  return (variant.many?.side === -1 || variant.falsy === true) && free ? row - 1 : row;
}

/** A day for each row: far ahead in the order of the keys, or long ago against it. */
function distantDay(catalog: Catalog, { type }: Column, row: number, side: 1 | -1): string {
  const day = side === 1 ? `2100-01-${two(row)}` : `2000-01-${two(32 - row)}`;
  const name = baseType(catalog, type)?.name ?? '';
  return `${day}${name === 'date' ? '' : ' 10:00:00'}${name === 'timestamptz' ? '+00' : ''}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** Whole numbers that a column of numbers meets, those that are beside the keys of plain rows left out. */
function metNumbers({ catalog, facts, relation }: RowContext, { name, type }: Column): readonly number[] {
  if (baseType(catalog, type)?.category !== 'N') return [];
  const literals = facts.columnLiterals.get(`${String(relation.oid)}.${name}`) ?? [];
  return literals
    .filter((text) => /^\d{1,9}$/.test(text))
    .map(Number)
    .filter((value) => value > rowCount);
}

/** Columns that meet each other in the body go by one name, so that their texts are the same row by row. */
function labelOf({ facts, relation }: RowContext, { name }: Column): string {
  const links = facts.columnLinks.get(`${String(relation.oid)}.${name}`) ?? [];
  return [name, ...links.map((key) => key.replace(/^\d+\./, ''))].sort()[0] ?? name;
}

/** All that a column is set to where it alone varies. */
function alternatives(context: RowContext, column: Column): readonly (string | null)[] {
  const { catalog, facts, relation } = context;
  const literals = facts.columnLiterals.get(`${String(relation.oid)}.${column.name}`) ?? [];
  const fitting = literals.filter((text) => fits(context, column, text));
  const category = baseType(catalog, column.type)?.category;
  const number = category === 'N';
  const near = number ? fitting.flatMap((text) => [1, -1].map((by) => String(Number(text) + by))) : [];
  const plain = Array.from({ length: rowCount }, (_, row) => plainText(context, column, row + 1, 0));
  const [object = null, ...objects] = isJson(catalog, column.type) ? keyedObjects(literals) : [];
  const json = object === null ? [] : [object, '[]', '"text"', ...objects];
  const edges = storedEdges(catalog, column.type);
  const nothing = column.notNull ? [] : [null];
  // Where the other tables are empty, what is past or to come decides alone.
  if (context.variant.empty !== undefined && isDay(catalog, column.type)) return ['tomorrow', 'yesterday'];
  // A moment is told from another one by the clock first of all.
  const values =
    category === 'D'
      ? [...sameDay(plain[0] ?? null), ...nothing, ...edges, ...plain]
      : [...fitting, ...near, ...nothing, ...json, ...plain, ...edges];
  return [...new Set(column.notNull ? values.filter((text) => text !== null) : values)];
}

/** Moments of one day, so that a day finds several and their order shows. */
function sameDay(moment: string | null): readonly string[] {
  if (moment === null || !/ 10:00:00/.test(moment)) return [];
  return [moment, ...['08:00:00', '18:45:30', '00:00:00'].map((time) => moment.replace('10:00:00', time))];
}

function plainText(context: RowContext, column: Column, row: number, spelling: number): string | null {
  const { catalog } = context;
  const label = labelOf(context, column);
  const met = metText(context, column, row, spelling);
  if (met !== null) return met;
  const keyed = context.variant.keys !== undefined;
  const last = row === rowCount && context.variant.many === undefined;
  if (!column.notNull && last && spelling % 2 === 0 && !keyed) return null;
  if (spelling >= 2) {
    const edges = storedEdges(catalog, column.type);
    return (
      edges[(spelling - 2 + (context.variant.base === 'edges' ? row - 1 : 0)) % edges.length] ??
      rowValue(catalog, column.type, row, label)
    );
  }
  return rowValue(catalog, column.type, row + apartBy(context, column) + spelling * rowCount, label);
}

/** A literal of the body or of a constraint; numbers of the body come with their neighbours. */
function metText(context: RowContext, column: Column, row: number, spelling: number): string | null {
  const { catalog, facts, relation } = context;
  const usable = (texts: readonly string[]): string[] =>
    texts.filter((text, index) => fits(context, column, text) && texts.indexOf(text) === index);
  // Where values at the limits are asked for, only what a constraint wants goes before them.
  const known = facts.columnLiterals.get(`${String(relation.oid)}.${column.name}`) ?? [];
  const body = context.variant.base === 'edges' && spelling >= 2 ? [] : usable(known);
  const category = baseType(catalog, column.type)?.category;
  const checks = usable(
    category === 'S'
      ? textsTaken(context.checks, column.name)
      : context.checks.filter((check) => mentions(check, column.name)).flatMap(literalsOf),
  );
  const alike = context.variant.base === 'alike';
  const { many } = context.variant;
  if (category === 'B' && many !== undefined) return many.side === 1 ? 'true' : 'false';
  if (category === 'B') return alike ? (context.variant.turn % 2 === 0 ? 'false' : 'true') : null;
  const keys = facts.columnLiterals.get(`${String(relation.oid)}.${column.name}`) ?? [];
  if (isJson(catalog, column.type))
    return keys.length === 0 ? null : (keyedObjects(keys)[row - 1 + spelling + context.variant.turn] ?? null);
  if (category !== 'N') {
    const labels = alike ? (baseType(catalog, column.type)?.enumLabels ?? []) : [];
    const all = usable([...body, ...checks, ...labels]);
    if (many !== undefined)
      return all[(context.variant.turn + Math.floor(spelling / 2)) % Math.max(1, all.length)] ?? null;
    // Beside one literal alone stands what is not it.
    const beside = alike ? context.variant.turn === 1 : row > 2;
    if (all.length === 1 && category === 'S' && beside) return null;
    return all[(row - 1 + context.variant.turn + Math.floor(spelling / 2)) % all.length] ?? null;
  }
  if (spelling === 0) {
    const numbers = body.map(Number);
    if (many !== undefined) return besideAll(numbers, many.side, row);
    const beyond = [Math.max(...numbers) + 1, Math.min(...numbers) - 1].map(String);
    const turned = alike && body.length > 0 ? [...body.slice(0, 1), ...beyond, ...body.slice(1)] : body;
    const literal = turned[context.variant.turn % Math.max(1, turned.length)];
    return literal === undefined ? null : String(Number(literal) + ([0, 1, -1, 0][row - 1] ?? 0));
  }
  const all = usable([...checks, ...body]);
  return all[(spelling - 1) % all.length] ?? null;
}

/** A number of its own for each row, beyond all of these or below them; exact where they are decimals. */
function besideAll(numbers: readonly number[], side: 1 | -1, row: number): string | null {
  if (numbers.length === 0) return null;
  const end = side === 1 ? Math.max(...numbers) : Math.min(...numbers);
  return String(Number((end + side * row).toPrecision(12)));
}

/** In some kinds of rows numbers of different columns are different ones, unless the body compares the columns. */
function apartBy({ catalog, facts, relation, variant }: RowContext, column: Column): number {
  const key = `${String(relation.oid)}.${column.name}`;
  const linked = facts.columnLinks.get(key)?.some((other) => other !== key) === true;
  const base = baseType(catalog, column.type);
  const many = base?.category === 'N' || base?.name === 'uuid';
  const other = variant.base === 'reversed' || variant.base === 'other';
  return other && many && !linked ? relation.columns.indexOf(column) : 0;
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
  if (base.category === 'A') return /^\{.*\}$/s.test(text);
  return base.category === 'S';
}

export function isKey({ keys }: Relation, { name }: Column): boolean {
  return (
    keys.some(
      ({ columns, predicate }) => predicate === null && columns.length === 1 && columns[0] === name,
    ) || keys.some(({ primary, columns }) => primary && columns.at(-1) === name)
  );
}
