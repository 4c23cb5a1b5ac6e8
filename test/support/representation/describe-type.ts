/** The TypeScript type that a set of values has, in the words of representation.ts. */

/**
 * NULLs do not count; arrays count by what stands in them, however deep. Values of several kinds are `unknown`,
 * but for number and bigint.
 */
export function describeType(values: readonly unknown[]): string {
  const present = values.filter((value) => value !== null);
  if (present.length > 0 && present.every(Array.isArray)) {
    const element = describeType(present.flat(Infinity));
    return element.includes(' | ') ? `(${element})[]` : `${element}[]`;
  }
  const kinds = [...new Set(present.map(kindOf))].sort();
  if (kinds.length === 1) return kinds[0] ?? 'unknown';
  return kinds.join() === 'bigint,number' ? 'number | bigint' : 'unknown';
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  if (value instanceof Date || value instanceof Uint8Array) return value.constructor.name;
  if (Array.isArray(value)) return 'array';
  const fields = Object.entries(value).map(([key, each]) => `${key}: ${kindOf(each)}`);
  return `{ ${fields.join('; ')} }`;
}
