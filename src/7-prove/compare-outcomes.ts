/**
 * Compares what two sides left behind. The old side runs twice; where it differs from itself
 * (uuids, clocks) is noise, which is masked on both sides and named.
 */
import type { Outcome, TableRows } from './outcome.js';
import { isList, type Shown } from './represent.js';

export interface Noise {
  /** Paths of the value with `[]` for any index. */
  readonly paths: ReadonlySet<string>;
  /** `table.column` names. */
  readonly columns: ReadonlySet<string>;
  /** Tables whose rows differ even without the noisy columns. */
  readonly tables: ReadonlySet<string>;
}

export interface OutcomeDifference {
  readonly summary: string;
  readonly before: string;
  readonly after: string;
}

/** Where two runs of the same side differ. */
export function findNoise(first: Outcome, second: Outcome): Noise {
  const paths = new Set<string>();
  const [a, b] = [flatten(first.shown), flatten(second.shown)];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    if (a.get(key) !== b.get(key)) paths.add(anyIndex(key));
  }
  if (first.kind !== second.kind) paths.add('');
  const columns = new Set<string>();
  const tables = new Set<string>();
  first.tables.forEach((table, index) => {
    const other = second.tables[index];
    if (other === undefined || text(table.rows) === text(other.rows)) return;
    table.columns.forEach((column, position) => {
      if (text(sorted(table, position)) !== text(sorted(other, position)))
        columns.add(`${table.name}.${column}`);
    });
    if (text(masked(table, columns)) !== text(masked(other, columns))) tables.add(table.name);
  });
  return { paths, columns, tables };
}

/** The first difference that is not noise, or null. */
export function compareOutcomes(before: Outcome, after: Outcome, noise: Noise): OutcomeDifference | null {
  if (before.kind !== after.kind && !noise.paths.has('')) {
    const [summary, other] =
      before.kind === 'error' ? ['old fails', 'new gives a value'] : ['old gives a value', 'new fails'];
    return { summary: `${summary}, ${other}`, before: print(before.shown), after: print(after.shown) };
  }
  const path = differingPath(before.shown, after.shown, noise);
  if (path !== null) {
    const what = before.kind === 'error' ? 'error' : 'value';
    return {
      summary: path === '' ? `the ${what} differs` : `the ${what} differs at ${path}`,
      before: print(before.shown),
      after: print(after.shown),
    };
  }
  return differingTable(before, after, noise);
}

/** Does the order of keys differ where their values do not? Seen by JSON.stringify and Object.keys alone. */
export function keyOrderDiffers(before: Shown, after: Shown): boolean {
  return [...flatten(before).keys()].join('\n') !== [...flatten(after).keys()].join('\n');
}

function differingPath(before: Shown, after: Shown, noise: Noise): string | null {
  const [a, b] = [flatten(before), flatten(after)];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    if (a.get(key) !== b.get(key) && !isNoise(anyIndex(key), noise)) return key;
  }
  return null;
}

function isNoise(path: string, noise: Noise): boolean {
  for (const masked of noise.paths) {
    const array = masked.endsWith('.length') ? masked.slice(0, -'.length'.length) : null;
    if (path === masked || (array !== null && path.startsWith(`${array}[]`))) return true;
  }
  return false;
}

function differingTable(before: Outcome, after: Outcome, noise: Noise): OutcomeDifference | null {
  for (const [index, table] of before.tables.entries()) {
    const other = after.tables[index];
    if (other === undefined || noise.tables.has(table.name)) continue;
    const [a, b] = [masked(table, noise.columns), masked(other, noise.columns)];
    if (text(a) === text(b)) continue;
    const [lost, won] = [without(a, b), without(b, a)];
    return {
      summary: `rows of ${table.name} differ`,
      before: lost.length === 0 ? `(none that new lacks)` : lost.map((row) => showRow(table, row)).join('\n'),
      after: won.length === 0 ? `(none that old lacks)` : won.map((row) => showRow(table, row)).join('\n'),
    };
  }
  return null;
}

type Rows = TableRows['rows'];

function without(rows: Rows, others: Rows): Rows {
  const left = new Map<string, number>();
  for (const row of others) left.set(text(row), (left.get(text(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(text(row)) ?? 0;
    left.set(text(row), count - 1);
    return count <= 0;
  });
}

function showRow(table: TableRows, row: readonly (string | null)[]): string {
  return `{ ${table.columns.map((column, index) => `${column}: ${row[index] ?? 'NULL'}`).join(', ')} }`;
}

/** Rows with noisy values replaced; whether they are NULL still counts. */
function masked(table: TableRows, columns: ReadonlySet<string>): Rows {
  const noisy = table.columns.map((column) => columns.has(`${table.name}.${column}`));
  if (!noisy.includes(true)) return table.rows;
  return table.rows
    .map((row) => row.map((value, index) => (noisy[index] === true && value !== null ? '(varies)' : value)))
    .sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

const sorted = (table: TableRows, position: number): string[] =>
  table.rows.map((row) => text(row[position])).sort();

const text = (value: unknown): string => JSON.stringify(value);

const anyIndex = (path: string): string => path.replace(/\[\d+\]/g, '[]');

/** Every leaf by its path. The length of an array and the class of an object are leaves too. */
function flatten(shown: Shown, path = '', leaves = new Map<string, string>()): Map<string, string> {
  if (isList(shown)) {
    leaves.set(`${path}.length`, String(shown.length));
    shown.forEach((item, index) => flatten(item, `${path}[${String(index)}]`, leaves));
  } else if (typeof shown === 'object' && shown !== null && 'keys' in shown) {
    leaves.set(`${path}(class)`, shown.class ?? '');
    for (const [key, item] of shown.keys) flatten(item, path === '' ? key : `${path}.${key}`, leaves);
  } else {
    leaves.set(path, JSON.stringify(shown));
  }
  return leaves;
}

/** A tree as a person writes it. */
export function print(shown: Shown): string {
  if (shown === null || typeof shown !== 'object') return JSON.stringify(shown);
  if (isList(shown)) return `[${shown.map(print).join(', ')}]`;
  if ('keys' in shown) {
    const body = shown.keys.map(([key, item]) => `${key}: ${print(item)}`).join(', ');
    return `${shown.class === undefined ? '' : `${shown.class} `}{ ${body} }`;
  }
  return shown.value === undefined ? shown.$ : `${shown.$}(${print(shown.value)})`;
}
