/** What each argument of a routine may be in a case: values that its rows hold, one that none holds, and edges. */
import type { Catalog, Column } from '../1-read/catalog.js';
import { patternWord } from './found-facts.js';
import { literalsOf, mentions } from './check-literals.js';
import type { ArgumentShape, CaseInput } from './make-cases.js';
import {
  baseType,
  edgeValues,
  isJson,
  keyedObjects,
  missingValue,
  pastLimit,
  quoteElement,
  rowValue,
  smallNumbers,
} from './sample-values.js';
import { admits, isMoment } from './site-value.js';

export interface Choice {
  readonly shape: ArgumentShape;
  readonly type: number;
  /** For row 1, 2, 3 …, as texts. */
  readonly hits: readonly (string | null)[];
  readonly miss: string | null;
  readonly edges: readonly string[];
}

/** `values` are the texts of the rows by `oid.column`. */
export function argumentChoices(
  input: CaseInput,
  values: ReadonlyMap<string, readonly (string | null)[]>,
): readonly Choice[] {
  const { routine, catalog, facts } = input;
  const types = routine.arguments
    .filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic')
    .map(({ type }) => type);
  return input.arguments.map((shape): Choice => {
    const type = shape.type ?? types[shape.position - 1] ?? 0;
    const literals = (facts.parameterLiterals.get(shape.position) ?? []).filter(isOf(catalog, type));
    const stored = hitTexts(input, values, shape.position, type);
    const patterned = facts.patternParameters.includes(shape.position);
    const lists = isJson(catalog, type) ? storedLists(input, values, shape.position) : [];
    const hits =
      lists.length > 0
        ? lists
        : isJson(catalog, type) && literals.length > 0
          ? keyedObjects(literals)
          : patterned
            ? [stored[0] ?? null, patternWord, ...stored.slice(1)]
            : stored;
    const met = metLiterals(input, shape.position).filter(isOf(catalog, type));
    const meant = otherTypes(input, shape.position, type);
    const listed = listsOf(catalog, type, literals);
    const edges = isJson(catalog, type)
      ? [...lists, ...keyedObjects(literals), ...jsonLists(literals)]
      : [
          ...listed,
          ...(listed.length > 0 ? [] : literals),
          ...met,
          ...meant.flatMap((other) => edgeValues(catalog, other)).slice(0, 8),
          ...around(catalog, type, [...literals, ...hits.slice(0, 1)]),
          ...likenesses(catalog, type, hits[0] ?? null),
          ...(patterned ? [`%${patternWord}%`, `${patternWord}%`, patternWord.toUpperCase()] : []),
        ];
    return {
      shape,
      type,
      hits,
      miss: missingValue(catalog, type) ?? hits[0] ?? null,
      edges: [
        ...new Set([
          ...edges,
          ...edgeValues(catalog, type),
          ...(facts.relations.length === 0 ? smallNumbers(catalog, type) : []),
        ]),
      ].filter((text) => admits(shape, text)),
    };
  });
}

/** Arrays of the literals that their elements meet, and of values at the limits of the element's type. */
function listsOf(catalog: Catalog, type: number, literals: readonly string[]): readonly string[] {
  const base = baseType(catalog, type);
  if (base?.category !== 'A' || base.element === 0) return [];
  const near = [...literals, ...around(catalog, base.element, literals)].filter(isOf(catalog, base.element));
  const limits = edgeValues(catalog, base.element).filter((text) => !pastLimit.has(text));
  return [near, ...near.map((text) => [text]), ...limits.slice(0, 8).map((text) => [text])].flatMap(
    (items) => (items.length === 0 ? [] : `{${items.map(quoteElement).join(',')}}`),
  );
}

/** An integer refuses fractions, of which its own edges hold one. */
function isOf(catalog: Catalog, type: number): (text: string) => boolean {
  const whole = /^int\d$/.test(baseType(catalog, type)?.name ?? '');
  return (text) => !whole || !/^-?\d*\.\d+$/.test(text);
}

/** Types that a text is turned into. */
function otherTypes({ catalog, facts }: CaseInput, position: number, type: number): readonly number[] {
  if (baseType(catalog, type)?.category !== 'S') return [];
  return (facts.parameterTypes.get(position) ?? []).filter(
    (other) => baseType(catalog, other)?.category !== 'S' || catalog.types.get(other)?.kind === 'domain',
  );
}

/** Patterns and another case of a text that rows hold. */
function likenesses(catalog: Catalog, type: number, text: string | null): readonly string[] {
  if (text === null || baseType(catalog, type)?.category !== 'S') return [];
  return ['%', `${text.slice(0, 3)}%`, text.toUpperCase(), `${text.slice(0, 3).toUpperCase()}%`];
}

/** For bodies that take a list apart. */
function jsonLists(keys: readonly string[]): readonly string[] {
  const objects = keyedObjects(keys);
  return keys.length === 0
    ? []
    : [`[${objects.slice(0, 3).join(',')}]`, `[${objects[0] ?? ''},${objects[0] ?? ''}]`];
}

/** Of the values of columns of other types, for bodies that take a list of these apart. */
function storedLists(
  { catalog, facts }: CaseInput,
  values: ReadonlyMap<string, readonly (string | null)[]>,
  position: number,
): readonly string[] {
  const columns = facts.parameterColumns.get(position) ?? [];
  return columns.flatMap((column) => {
    const category = columnCategory(catalog, column);
    if (category !== 'S' && category !== 'N') return [];
    const texts = values.get(column)?.filter((text) => text !== null) ?? [];
    const items = category === 'N' ? texts.map(Number) : texts;
    return items.length === 0
      ? []
      : [items.slice(0, 1), items, [...items.slice(0, 2), ''], [null, ...items.slice(1)]].map((list) =>
          JSON.stringify(list),
        );
  });
}

/** Values of the columns that the argument meets, else of a column of its name, else of its type. */
function hitTexts(
  input: CaseInput,
  values: ReadonlyMap<string, readonly (string | null)[]>,
  position: number,
  type: number,
): readonly (string | null)[] {
  const { catalog, facts, routine } = input;
  const name =
    routine.arguments.filter(({ mode }) => mode !== 'out' && mode !== 'table')[position - 1]?.name ?? '';
  const plain = name.replace(/^(p|in|_|v|arg)_?/, '');
  const named = facts.relations.flatMap((oid) => [`${String(oid)}.${name}`, `${String(oid)}.${plain}`]);
  const base = baseType(catalog, type);
  const near = [...(facts.parameterColumns.get(position) ?? []), ...named];
  const stored = near.flatMap((column) => {
    const texts = values.get(column)?.filter((text) => text !== null) ?? [];
    return texts.length === 0 ? [] : [{ column, texts, category: columnCategory(catalog, column) }];
  });
  for (const { column, texts, category } of stored) {
    if (base?.category === 'S' && category === 'N') return texts;
    // An item that two rows have in common, where the argument is looked for in an array.
    if (category === 'A' && base !== null && base.oid === elementOf(catalog, column))
      return texts.flatMap((text) => itemsOf(text).at(-1) ?? []);
    if (base?.category === category && (category !== 'D' || texts.every(isMoment))) return texts;
    if (base?.category === 'A' && category === baseType(catalog, base.element)?.category) {
      return [`{${texts.slice(0, 2).join(',')}}`, `{${texts.slice(1).join(',')}}`, '{}'];
    }
  }
  const keys = base?.category === 'S' ? near.flatMap((column) => keysIn(catalog, column, values)) : [];
  if (keys.length > 0 && !hasLiterals(input, position)) return keys;
  const [text] = stored.filter(({ category }) => category !== 'A');
  if (base?.category === 'S' && text !== undefined && !hasLiterals(input, position)) return text.texts;
  const literals = facts.parameterLiterals.get(position) ?? [];
  if (base?.category === 'S' && literals.length > 0) return literals;
  const [other = type] = otherTypes(input, position, type);
  return [1, 2, 3].map((row) => rowValue(catalog, other, row, plain === '' ? 'value' : plain));
}

/** Keys of the objects that a column of JSON holds. */
function keysIn(
  catalog: Catalog,
  column: string,
  values: ReadonlyMap<string, readonly (string | null)[]>,
): readonly string[] {
  if (!isJson(catalog, columnOf(catalog, column)?.type ?? 0)) return [];
  const [text] = values.get(column)?.filter((one) => one !== null) ?? [];
  const value: unknown = text === undefined ? null : JSON.parse(text);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function hasLiterals({ facts }: CaseInput, position: number): boolean {
  return (facts.parameterLiterals.get(position) ?? []).length > 0;
}

function itemsOf(text: string): readonly string[] {
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(
    ([, quoted, plain]) => quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '',
  );
}

function elementOf(catalog: Catalog, key: string): number {
  return baseType(catalog, columnOf(catalog, key)?.type ?? 0)?.element ?? 0;
}

/** Literals that the argument's columns meet, in the body and in the CHECK constraints that name them. */
function metLiterals({ facts, checks }: CaseInput, position: number): readonly string[] {
  return (facts.parameterColumns.get(position) ?? []).flatMap((key) => {
    const [oid = '', ...name] = key.split('.');
    const constraints = (checks?.get(Number(oid)) ?? []).filter((check) => mentions(check, name.join('.')));
    return [...(facts.columnLiterals.get(key) ?? []), ...constraints.flatMap(literalsOf)];
  });
}

function columnCategory(catalog: Catalog, key: string): string | undefined {
  const column = columnOf(catalog, key);
  return column === undefined ? undefined : baseType(catalog, column.type)?.category;
}

function columnOf(catalog: Catalog, key: string): Column | undefined {
  const [oid, ...name] = key.split('.');
  const relation = catalog.relations.find((candidate) => candidate.oid === Number(oid));
  return relation?.columns.find((candidate) => candidate.name === name.join('.'));
}

/** Numbers and days just beside those that the argument meets. */
function around(catalog: Catalog, type: number, texts: readonly (string | null)[]): string[] {
  const category = baseType(catalog, type)?.category;
  const known = texts.filter((text) => text !== null);
  if (category === 'N') {
    // More digits than a double holds, so that numeric is told from it.
    const close = baseType(catalog, type)?.name === 'numeric' ? known.filter(isDecimal).slice(0, 2) : [];
    const near = known
      .filter((text) => isDecimal(text) && Math.abs(Number(text)) < 1e9)
      .flatMap((text) => [String(Number(text) - 1), String(Number(text) + 1)]);
    return [...near, ...close.map((text) => `${text.includes('.') ? text : `${text}.`}00000000000000000001`)];
  }
  if (category !== 'D') return [];
  return known.filter(isMoment).flatMap((text) => [-1, 1].map((days) => shiftedDay(text, days)));
}

function isDecimal(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

function shiftedDay(text: string, days: number): string {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return text;
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10) + text.slice(10);
}
