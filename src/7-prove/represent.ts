/**
 * What a caller saw, as a JSON tree in which two values that a program can tell apart look different:
 * Date and text, undefined and a missing key, -0 and 0, a class and a plain object.
 */

export type Shown =
  | null
  | boolean
  | string
  | number
  | readonly Shown[]
  | { readonly $: string; readonly value?: Shown }
  | { readonly keys: readonly (readonly [string, Shown])[]; readonly class?: string };

/** The tree of a value. A driver's result object is shown by what callers read: rows and rowCount. */
export function represent(value: unknown, depth = 0): Shown {
  if (depth > 40) return { $: 'too deep' };
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $: 'number', value: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (typeof value === 'undefined') return { $: 'undefined' };
  if (typeof value === 'bigint') return { $: 'bigint', value: value.toString() };
  if (typeof value === 'function' || typeof value === 'symbol') return { $: typeof value };
  return representObject(value, depth);
}

/** Array.isArray does not narrow readonly arrays. */
export function isList(shown: Shown): shown is readonly Shown[] {
  return Array.isArray(shown);
}

function representObject(value: object, depth: number): Shown {
  if (value instanceof Date) return { $: 'Date', value: dateText(value) };
  if (value instanceof Uint8Array) return { $: 'bytes', value: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return Array.from(value, (item) => represent(item, depth + 1));
  if (value instanceof Map) return { $: 'Map', value: represent([...value], depth + 1) };
  if (value instanceof Set) return { $: 'Set', value: represent([...value], depth + 1) };
  const name = className(value);
  if (name === 'Result' && 'rows' in value && 'fields' in value) {
    const result = value as { rows: unknown; rowCount?: unknown };
    return {
      class: 'Result',
      keys: [
        ['rows', represent(result.rows, depth + 1)],
        ['rowCount', represent(result.rowCount, depth + 1)],
      ],
    };
  }
  const keys = Object.entries(value).map(([key, item]) => [key, represent(item, depth + 1)] as const);
  return name === null ? { keys } : { class: name, keys };
}

/** The class of an object, or null for a plain one. */
function className(value: object): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return null;
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== 'Object' ? constructor.name : null;
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString();
}
