/** Constants of SQL as constants of TypeScript. */
import type { Code } from '../5-translate/code.js';

/** `5`, `'it''s'`, `true`, `NULL`, also under casts; null for anything that has to be computed. */
export function sqlLiteral(sql: string): Code | null {
  const bare = sql.trim().replace(/(?:\s*::\s*[a-z_][\w .]*(?:\(\s*\d+\s*(?:,\s*\d+\s*)?\))?)+$/i, '');
  if (/^null$/i.test(bare)) return { kind: 'keyword', value: 'null' };
  if (/^(?:true|false)$/i.test(bare))
    return { kind: 'keyword', value: bare.toLowerCase() === 'true' ? 'true' : 'false' };
  if (/^-?\d{1,15}$/.test(bare)) return { kind: 'number', text: String(Number(bare)) };
  // Fractions are exact as text only.
  if (/^-?\d*\.?\d+$/.test(bare)) return { kind: 'string', value: bare };
  const text = /^'((?:[^']|'')*)'$/.exec(bare)?.[1];
  return text === undefined ? null : { kind: 'string', value: text.replaceAll("''", "'") };
}
