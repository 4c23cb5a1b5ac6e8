/** What a column holds where JavaScript is to see a value that counts as false. */
import type { Catalog, Column } from '../1-read/catalog.js';
import { baseType } from './sample-values.js';

const documents = ['false', '0', '""', 'null'];

/** `0`, `false`, an empty text or one of them as JSON, by the row; null for other types. */
export function falsyText(catalog: Catalog, { type }: Column, row: number): string | null {
  const base = baseType(catalog, type);
  if (base === null || base.kind === 'enum') return null;
  if (/^jsonb?$/.test(base.name)) return documents[(row - 1) % documents.length] ?? null;
  return { N: '0', B: 'false', S: '' }[base.category] ?? null;
}
