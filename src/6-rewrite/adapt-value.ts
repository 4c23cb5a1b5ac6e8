/**
 * Turns what a translated query gives into what the site's code reads: the pairs of shapes, written out.
 * Gives TypeScript text on one line; layout comes later.
 */
import type { SiteRefusal } from '../2-find/call-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import { propertyKey, quote } from '../5-translate/print/print-code.js';

export interface Value {
  /** Un-awaited expression. */
  readonly query: string;
  readonly shape: 'rows' | 'result' | 'value' | 'nothing';
  /** Un-awaited expression that gives the driver's result object with the same rows, if there is one. */
  readonly rawResult: string | null;
  /** Keys of a row. */
  readonly keys: readonly string[];
  readonly nullRowWhenEmpty: boolean;
  /** `query` is a plain value and not a promise. */
  readonly synchronous?: boolean;
}

export interface Wanted {
  readonly use: ResultUse;
  /** `.rows[0]!.x` was written with the exclamation mark. */
  readonly asserted: boolean;
  /** The reads after the statement are all of single fields of the first row, and are edited to bear its absence. */
  readonly readsBearAbsence: boolean;
}

/** How tightly the text binds: what stands round it may need parentheses. */
export interface Adapted {
  readonly text: string;
  readonly binding: 'member' | 'unary' | 'nullish';
}

export function adaptValue(value: Value, wanted: Wanted): Adapted | SiteRefusal {
  const { use } = wanted;
  if (value.synchronous === true) return adaptPlain(value, wanted);
  if (!use.awaited) return adaptPromise(value, wanted);
  if (use.shape === 'nothing') return unary(`await ${value.query}`);
  if (use.shape === 'result') {
    const raw = rawResult(value);
    return raw === null ? noRawResult : unary(`await ${raw}`);
  }
  if (value.shape === 'nothing')
    return { reason: 'unsupported', detail: 'the value of a call that gives none is read' };
  if (value.shape === 'value') return fromValue(value, `await ${value.query}`, wanted);
  return fromRows(value, rowsOf(value, `await ${value.query}`, use), wanted);
}

/** Nothing is awaited; where a promise was handed on, the value becomes one. */
function adaptPlain(value: Value, wanted: Wanted): Adapted | SiteRefusal {
  if (wanted.use.shape === 'nothing') return unary(`void ${value.query}`);
  const adapted = fromValue(value, value.query, wanted);
  if (wanted.use.awaited || 'reason' in adapted) return adapted;
  return member(`Promise.resolve(${adapted.text})`);
}

/** A promise stays a promise: `Promise.all([…])`, `return db.execute(…)`. */
function adaptPromise(value: Value, wanted: Wanted): Adapted | SiteRefusal {
  const { use } = wanted;
  if (use.shape === 'nothing') return member(value.query);
  if (use.shape === 'result') {
    const raw = rawResult(value);
    return raw === null ? noRawResult : member(raw);
  }
  if (use.shape === 'rows' && value.shape === 'rows' && !value.nullRowWhenEmpty) return member(value.query);
  if (value.shape === 'nothing')
    return { reason: 'unsupported', detail: 'the value of a call that gives none is read' };
  const given = value.shape === 'value' ? 'value' : value.shape === 'rows' ? 'rows' : 'result';
  const inner =
    value.shape === 'value'
      ? fromValue(value, given, wanted)
      : fromRows(value, rowsOf(value, given, use), wanted);
  if ('reason' in inner) return inner;
  const body = inner.text.startsWith('{') ? `(${inner.text})` : inner.text;
  return member(`${value.query}.then((${given}) => ${body})`);
}

const noRawResult: SiteRefusal = {
  reason: 'response-metadata',
  detail: "the driver's whole result object is used, which the query builder does not give",
};

function rawResult(value: Value): string | null {
  return value.shape === 'result' ? value.query : value.rawResult;
}

/** Text of the array of rows; `given` is the awaited value's text. */
function rowsOf(value: Value, given: string, use: ResultUse): string {
  if (value.shape === 'rows' || use.client.driver === 'postgres-js') return given;
  return `${group(given)}.rows`;
}

function fromRows(value: Value, rows: string, wanted: Wanted): Adapted | SiteRefusal {
  const { use } = wanted;
  const first = `${group(rows)}[0]`;
  const nullRow = `{ ${value.keys.map((key) => `${propertyKey(key)}: null`).join(', ')} }`;
  if (use.shape === 'rows') {
    const plain = rows.startsWith('await ') ? unary(rows) : member(rows);
    if (!value.nullRowWhenEmpty || wanted.readsBearAbsence) return plain;
    return member(`[${first} ?? ${nullRow}]`);
  }
  if (use.shape === 'row') return value.nullRowWhenEmpty ? nullish(`${first} ?? ${nullRow}`) : member(first);
  const { field } = use;
  if (field === null) return noField;
  if (value.nullRowWhenEmpty) return nullish(`${first}${access(field.key, true)} ?? null`);
  return member(`${first}${wanted.asserted ? '!' : ''}${access(field.key, field.optional)}`);
}

function fromValue(value: Value, given: string, { use }: Wanted): Adapted | SiteRefusal {
  const [key, ...others] = value.keys;
  const plain = given.startsWith('await ') ? unary(given) : member(given);
  const composite = others.length > 0;
  const row = composite ? given : `{ ${propertyKey(key ?? 'value')}: ${given} }`;
  if (use.shape === 'rows') return member(`[${row}]`);
  if (use.shape === 'row') return composite ? plain : member(row);
  const { field } = use;
  if (field === null) return noField;
  if (composite) return member(`${group(given)}${access(field.key, field.optional)}`);
  return field.key === key
    ? plain
    : { reason: 'unsupported', detail: `the result has no field ${quote(field.key)}` };
}

const noField: SiteRefusal = { reason: 'unsupported', detail: 'the field that is read is not known' };

/** `.x`, `?.x`, `['a b']`. */
export function access(key: string, optional: boolean): string {
  if (/^[A-Za-z_$][\w$]*$/.test(key)) return `${optional ? '?.' : '.'}${key}`;
  return `${optional ? '?.' : ''}[${quote(key)}]`;
}

function group(text: string): string {
  return text.startsWith('await ') ? `(${text})` : text;
}

const member = (text: string): Adapted => ({ text, binding: 'member' });
const unary = (text: string): Adapted => ({ text, binding: 'unary' });
const nullish = (text: string): Adapted => ({ text, binding: 'nullish' });
