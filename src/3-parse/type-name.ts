/** Type names as they are written in a body. */
import type { PgType } from '../1-read/catalog.js';
import type { Node, TypeName } from '../sql/parse-body.js';
import { parseSqlText } from '../sql/parse-body.js';
import type { NameLookup } from './name-lookup.js';

export interface ResolvedType {
  /** Type OID, or null when the catalog does not know it. */
  readonly oid: number | null;
  /** `numeric(12,2)`, `text[]`, `app.status`. */
  readonly name: string;
}

/** Resolves a TypeName node; the modifier stays in the name. */
export function resolveTypeName(type: TypeName, lookup: NameLookup): ResolvedType {
  const parts = (type.names ?? []).map((node) => stringOf(node));
  const schema = parts.length > 1 ? (parts[parts.length - 2] ?? null) : null;
  const base = lookup.type(schema, parts[parts.length - 1] ?? '');
  const isArray = (type.arrayBounds ?? []).length > 0;
  const suffix = type.pct_type ? '%TYPE' : '';
  const name = base ? withModifiers(base, type.typmods ?? []) : parts.map(quoted).join('.') + suffix;
  const oid = base && isArray ? base.array || null : (base?.oid ?? null);
  return { oid, name: isArray ? `${name}[]` : name };
}

/** Resolves type text such as `numeric(12,2)`; null when it is no type name. */
export function resolveTypeText(text: string, lookup: NameLookup): ResolvedType | null {
  const parsed = parseSqlText(`SELECT NULL::${text}`);
  const node = parsed.ok && parsed.statements.length === 1 ? parsed.statements[0]?.node : undefined;
  if (!node || !('SelectStmt' in node)) return null;
  const target = node.SelectStmt.targetList?.[0];
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (!value || !('TypeCast' in value) || !value.TypeCast.typeName) return null;
  return resolveTypeName(value.TypeCast.typeName, lookup);
}

const INTERVAL_FIELDS: Readonly<Record<number, string>> = {
  4: 'year',
  2: 'month',
  8: 'day',
  1024: 'hour',
  2048: 'minute',
  4096: 'second',
  6: 'year to month',
  1032: 'day to hour',
  3080: 'day to minute',
  7176: 'day to second',
  3072: 'hour to minute',
  7168: 'hour to second',
  6144: 'minute to second',
};

function withModifiers(type: PgType, modifiers: readonly Node[]): string {
  const values = modifiers.map(constantText);
  // An unmodified bpchar is blank-padded text of any length; `character` would mean one character.
  if (type.oid === 1042 && values.length === 0) return 'bpchar';
  if (values.length === 0) return type.sqlName;
  if (type.oid === 1186) {
    const fields = INTERVAL_FIELDS[Number(values[0])];
    const precision = values[1] === undefined ? '' : `(${values[1]})`;
    return fields === undefined ? `interval${precision}` : `interval ${fields}${precision}`;
  }
  const zone = /^(time|timestamp)( .*)$/.exec(type.sqlName);
  const list = `(${values.join(',')})`;
  return zone ? `${zone[1] ?? ''}${list}${zone[2] ?? ''}` : `${type.sqlName}${list}`;
}

function constantText(node: Node): string {
  if ('A_Const' in node)
    return String(node.A_Const.ival?.ival ?? node.A_Const.sval?.sval ?? node.A_Const.fval?.fval ?? 0);
  return '';
}

function stringOf(node: Node): string {
  return 'String' in node ? (node.String.sval ?? '') : '';
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
