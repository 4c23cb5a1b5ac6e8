/** What the text of a CHECK constraint says of a column. */

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
