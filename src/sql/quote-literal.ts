/** Values as constants in the text of a statement. */

/** A string constant that reads the same under either setting of standard_conforming_strings. */
export function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return value.includes('\\') ? `E${quoted}` : quoted;
}
