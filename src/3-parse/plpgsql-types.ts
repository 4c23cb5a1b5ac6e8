/** Real types of PL/pgSQL variables, and the types that the catalog-blind compiler is given in their place. */
import type { PgType } from '../1-read/catalog.js';
import type { NameLookup } from './name-lookup.js';
import { resolveTypeText } from './type-name.js';

export interface VariableType {
  /** null: RECORD, or a type that the catalog does not know. */
  readonly type: number | null;
  readonly typmod: number;
}

/** Resolves `numeric(12,2)`, `t%ROWTYPE`, `t.c%TYPE`, `v%TYPE` (asked of `variable`), `record`. */
export function resolveVariableType(
  text: string,
  lookup: NameLookup,
  variable: (name: string) => VariableType | null,
): VariableType {
  const written = /^([\s\S]*?)\s*%\s*(TYPE|ROWTYPE)\s*(\[\s*\]|ARRAY)?$/i.exec(text);
  if (!written) {
    if (/^record$/i.test(text.trim())) return RECORD;
    return { type: resolveTypeText(text, lookup)?.oid ?? null, typmod: modifierOf(text) };
  }
  const parts = nameParts(written[1] ?? '');
  const found = /^row/i.test(written[2] ?? '') ? rowType(parts, lookup) : columnType(parts, lookup, variable);
  if (!written[3] || found.type === null) return found;
  return { type: lookup.catalog.types.get(found.type)?.array || null, typmod: found.typmod };
}

/**
 * What the compiler gets: a type name that it does not know would be a record to it, and a record
 * cannot be one of several INTO targets, nor can a %ROWTYPE be assigned by field. Line breaks stay.
 */
export function compilerType(text: string, resolved: VariableType, lookup: NameLookup): string {
  const type = resolved.type === null ? undefined : lookup.catalog.types.get(resolved.type);
  const breaks = '\n'.repeat(text.match(/\n/g)?.length ?? 0);
  if (/%\s*rowtype\s*$/i.test(text)) return `record${breaks}`;
  if (/%/.test(text) || !type) return text;
  if (type.schema === 'pg_catalog') return text;
  if (type.kind === 'composite') return text;
  return `${type.category === 'A' ? 'text[]' : 'text'}${breaks}`;
}

/** The same for a type of the signature. */
export function signatureType(oid: number, lookup: NameLookup): string {
  const { types } = lookup.catalog;
  const type = types.get(oid);
  if (!type) return 'text';
  if (type.category === 'A' && type.element !== 0) {
    return types.get(type.element)?.schema === 'pg_catalog' ? type.sqlName : 'text[]';
  }
  if (type.kind === 'composite') return `${quoted(type.schema)}.${quoted(type.name)}`;
  return isBuiltin(type) ? type.sqlName : 'text';
}

const RECORD: VariableType = { type: null, typmod: -1 };

function rowType(parts: readonly string[], lookup: NameLookup): VariableType {
  const relation = lookup.relation(parts.at(-2) ?? null, parts.at(-1) ?? '');
  return { type: relation?.rowType || null, typmod: -1 };
}

function columnType(
  parts: readonly string[],
  lookup: NameLookup,
  variable: (name: string) => VariableType | null,
): VariableType {
  if (parts.length === 1) return variable(parts[0] ?? '') ?? RECORD;
  const relation = lookup.relation(parts.at(-3) ?? null, parts.at(-2) ?? '');
  const column = relation?.columns.find((each) => each.name === parts.at(-1));
  return column ? { type: column.type, typmod: column.typmod } : RECORD;
}

/** typmod as PostgreSQL stores it, for the types whose modifier is one or two numbers. */
function modifierOf(text: string): number {
  // Without a length it is one character, unlike bpchar.
  if (/^\s*(?:char|character|nchar|national char(?:acter)?)\s*(?:\[|$)/i.test(text)) return 1 + 4;
  const written = /^\s*([a-z ]+?)\s*\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)/i.exec(text);
  if (!written) return -1;
  const name = (written[1] ?? '').toLowerCase();
  const first = Number(written[2]);
  if (/^(numeric|decimal|dec)$/.test(name)) return ((first << 16) | (Number(written[3] ?? 0) & 0x7ff)) + 4;
  if (/^(varchar|character varying|char|character|bpchar|nchar)$/.test(name)) return first + 4;
  return /^(time|timetz|timestamp|timestamptz|bit|varbit|bit varying)$/.test(name) ? first : -1;
}

function nameParts(text: string): readonly string[] {
  return (text.match(/"(?:[^"]|"")*"|[^.\s]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase(),
  );
}

function isBuiltin(type: PgType): boolean {
  return type.schema === 'pg_catalog' && type.kind !== 'domain' && type.kind !== 'enum';
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
