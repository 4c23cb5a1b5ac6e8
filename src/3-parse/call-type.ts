/** Result types of everyday built-in functions; null leaves the question to PostgreSQL. */

const FIXED: Readonly<Record<string, number>> = {
  count: 20,
  now: 1184,
  clock_timestamp: 1184,
  statement_timestamp: 1184,
  transaction_timestamp: 1184,
  lower: 25,
  upper: 25,
  btrim: 25,
  ltrim: 25,
  rtrim: 25,
  concat: 25,
  concat_ws: 25,
  format: 25,
  md5: 25,
  to_char: 25,
  string_agg: 25,
  replace: 25,
  length: 23,
  char_length: 23,
  array_length: 23,
  cardinality: 23,
  jsonb_array_length: 23,
  gen_random_uuid: 2950,
  random: 701,
  row_number: 20,
  rank: 20,
  dense_rank: 20,
  to_jsonb: 3802,
  jsonb_build_object: 3802,
  jsonb_build_array: 3802,
  jsonb_agg: 3802,
  jsonb_object_agg: 3802,
  to_json: 114,
  json_build_object: 114,
  json_build_array: 114,
  json_agg: 114,
  row_to_json: 114,
  bool_and: 16,
  bool_or: 16,
  make_interval: 1186,
  to_timestamp: 1184,
};

const SUMS: Readonly<Record<number, number>> = {
  21: 20,
  23: 20,
  20: 1700,
  1700: 1700,
  700: 700,
  701: 701,
  1186: 1186,
  790: 790,
};
const AVERAGES: Readonly<Record<number, number>> = {
  21: 1700,
  23: 1700,
  20: 1700,
  1700: 1700,
  700: 701,
  701: 701,
  1186: 1186,
};
/** Ranges have functions of these names too. */
const OF_TEXT = new Set(['lower', 'upper']);
const TEXTUAL = new Set<number | null>([25, 1043, null]);

/** Type OID of a built-in's result for these argument types. */
export function callType(name: string, argumentTypes: readonly (number | null)[]): number | null {
  const [first = null] = argumentTypes;
  if (OF_TEXT.has(name) && !TEXTUAL.has(first)) return null;
  if (name === 'to_timestamp' && argumentTypes.length > 2) return null;
  if (FIXED[name] !== undefined) return FIXED[name];
  if (first === null) return null;
  if (name === 'sum') return SUMS[first] ?? null;
  if (name === 'avg') return AVERAGES[first] ?? null;
  if (name === 'min' || name === 'max') return first === 1043 ? 25 : first;
  if (name === 'abs' && (first === 23 || first === 20 || first === 1700 || first === 701)) return first;
  if (name === 'date_trunc') return argumentTypes[1] ?? null;
  return null;
}
