/**
 * Arguments of a case as JSON. What JSON cannot hold is an object with one tagged key:
 * `{"$date": "2024-01-01T00:00:00Z"}`, `{"$bigint": "9007199254740993"}`, `{"$number": "NaN"}`,
 * `{"$undefined": true}`.
 */

const tags = {
  $date: (value: unknown) => new Date(String(value)),
  $bigint: (value: unknown) => BigInt(String(value)),
  $number: (value: unknown) => (value === '-0' ? -0 : Number(value)),
  $undefined: () => undefined,
} as const;

/** The value that a tagged JSON value stands for. */
export function decodeArguments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeArguments);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && only[0] in tags) {
    return tags[only[0] as keyof typeof tags](only[1]);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, decodeArguments(item)]));
}

/** The tagged JSON of a value; the inverse of `decodeArguments` for what arguments hold. */
export function encodeArguments(value: unknown): unknown {
  if (value === undefined) return { $undefined: true };
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (value instanceof Date)
    return { $date: Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString() };
  if (Array.isArray(value)) return value.map(encodeArguments);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encodeArguments(item)]));
}
