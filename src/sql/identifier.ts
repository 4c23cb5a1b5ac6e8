/** SQL identifiers: from a token to the name it stands for, and back. */

/** Unquoted names fold to lower case; quoted ones lose their quotes. */
export function foldIdentifier(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token.toLowerCase();
}

/** Always quoted, which is right for every name. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
