/** Where the value of each input argument comes from: a TypeScript expression, a constant, or SQL. */
import type { Catalog, PgType } from '../1-read/catalog.js';
import type { Binding, ResolvedSite } from '../2-find/resolved-site.js';
import type { ArgumentUse, ResultUse } from '../2-find/result-use.js';
import type { Code } from './code.js';
import { stringConstant } from './identifiers.js';
import { Untranslatable } from './untranslatable.js';

export type ArgumentSource = ArgumentExpression | ArgumentConstant | ArgumentSql;

export interface ArgumentExpression {
  readonly kind: 'expression';
  readonly position: number;
  readonly declared: number;
  /** What the checker says of it; null when nothing is known. */
  readonly use: ArgumentUse | null;
  /** Casts written at the call that are more than the declared type, innermost first. */
  readonly casts: readonly string[];
}

export interface ArgumentConstant {
  readonly kind: 'constant';
  readonly position: number;
  readonly declared: number;
  readonly value:
    { readonly kind: 'string' | 'number' | 'boolean'; readonly text: string } | { readonly kind: 'null' };
}

export interface ArgumentSql {
  readonly kind: 'sql';
  readonly position: number;
  readonly declared: number;
  readonly parts: readonly (string | Code)[];
  /** The text has the declared type without a cast. */
  readonly typed: boolean;
  /** It is one column of a larger query, in code. */
  readonly column?: boolean;
}

/** Built-in calls that people write as defaults, with the type OID that each has. */
const selfTyped: Readonly<Record<string, number>> = {
  'now()': 1184,
  'clock_timestamp()': 1184,
  current_timestamp: 1184,
  current_date: 1082,
  'gen_random_uuid()': 2950,
};

/** One source for each input argument of the routine, by position. */
export function argumentSources(
  site: ResolvedSite,
  use: ResultUse | null,
  catalog: Catalog,
): ReadonlyMap<number, ArgumentSource> {
  return new Map(site.bindings.map((binding) => [binding.position, source(binding, use, catalog)]));
}

/** Name under which a type can be written in SQL: `numeric`, `timestamp with time zone`, `app.status`. */
export function typeName(catalog: Catalog, oid: number): string {
  const type = catalog.types.get(oid);
  if (type === undefined)
    throw new Untranslatable('unsupported', `a type that the catalog does not show (${oid})`);
  return shortNames[type.sqlName] ?? type.sqlName;
}

/** The short spelling that people write. */
const shortNames: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  // Without a length these words mean a length of one (PostgreSQL manual, 8.3 and 8.10).
  character: 'bpchar',
  'character[]': 'bpchar[]',
  bit: '"bit"',
  'bit[]': '"bit"[]',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
  'character varying[]': 'varchar[]',
  'timestamp with time zone[]': 'timestamptz[]',
  'timestamp without time zone[]': 'timestamp[]',
};

function source(binding: Binding, use: ResultUse | null, catalog: Catalog): ArgumentSource {
  const { position, parameter, argument } = binding;
  const declared = parameter.type;
  if (argument === null) return fromText(parameter.default ?? 'NULL', [], position, declared, catalog);
  if (argument.hole === null) {
    const text = fromText(argument.sql, argument.holes, position, declared, catalog);
    // A VARIADIC parameter collects its arguments in an array of its own type.
    const collected = parameter.mode === 'variadic' && !argument.variadic;
    return collected && text.kind === 'sql' ? { ...text, parts: lowered(text.parts), typed: true } : text;
  }
  const facts = use?.arguments.find((fact) => fact.hole === argument.hole?.index) ?? null;
  const casts = argument.casts.map((cast) => cast.trim());
  const only = casts.length === 1 && casts[0] !== undefined && sameType(catalog, casts[0], declared);
  return { kind: 'expression', position, declared, use: facts, casts: only ? [] : casts };
}

/** `ARRAY[…]` as the rest of the generated SQL is written. */
function lowered([first, ...rest]: ArgumentSql['parts']): ArgumentSql['parts'] {
  return first === undefined
    ? rest
    : [typeof first === 'string' ? first.replace(/^ARRAY/, 'array') : first, ...rest];
}

function fromText(
  sql: string,
  holes: readonly { readonly index: number; readonly expression: string }[],
  position: number,
  declared: number,
  catalog: Catalog,
): ArgumentSource {
  const constant = holes.length === 0 ? readConstant(sql, declared, catalog) : null;
  if (constant !== null) return { kind: 'constant', position, declared, value: constant };
  const known = holes.length === 0 ? selfTyped[sql.trim().toLowerCase()] : undefined;
  if (known === declared)
    return { kind: 'sql', position, declared, parts: [sql.trim().toLowerCase()], typed: true };
  const parts: (string | Code)[] = [];
  let rest = sql;
  for (const match of sql.matchAll(/\$(\d+)/g)) {
    const hole = holes.find((candidate) => candidate.index === Number(match[1]));
    if (hole === undefined) continue;
    const at = rest.indexOf(match[0]);
    parts.push(rest.slice(0, at), { kind: 'local', name: hole.expression, hole: hole.index });
    rest = rest.slice(at + match[0].length);
  }
  parts.push(rest);
  return { kind: 'sql', position, declared, parts, typed: false };
}

/** A literal, with a cast to the declared type taken off; null for anything else. */
export function readConstant(
  sql: string,
  declared: number,
  catalog: Catalog,
): ArgumentConstant['value'] | null {
  let text = sql.trim();
  const cast = /^(.+?)::([a-z_][\w. ]*(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])?)$/is.exec(text);
  if (cast?.[1] !== undefined && cast[2] !== undefined && sameType(catalog, cast[2], declared))
    text = cast[1].trim();
  if (/^null$/i.test(text)) return { kind: 'null' };
  if (/^(true|false)$/i.test(text)) return { kind: 'boolean', text: text.toLowerCase() };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { kind: 'number', text };
  if (/^'(?:[^'\\]|'')*'$/.test(text)) return { kind: 'string', text: text.slice(1, -1).replace(/''/g, "'") };
  return null;
}

/** Does the written type name mean the type? Modifiers make it another one. */
export function sameType(catalog: Catalog, written: string, oid: number): boolean {
  const type: PgType | undefined = catalog.types.get(oid);
  if (type === undefined) return false;
  const name = written
    .trim()
    .toLowerCase()
    .replace(/"/g, '')
    .replace(/^pg_catalog\./, '');
  const element = name.replace(/\s*\[\]$/, '');
  const full = `${aliases[element] ?? element}${element === name ? '' : '[]'}`;
  return [type.sqlName, type.name, `${type.schema}.${type.name}`].some(
    (known) => known.replace(/"/g, '') === full,
  );
}

const aliases: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  int2: 'smallint',
  bool: 'boolean',
  float8: 'double precision',
  float4: 'real',
  decimal: 'numeric',
  varchar: 'character varying',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  timetz: 'time with time zone',
  time: 'time without time zone',
};

/** The constant as SQL, without a cast. */
export function constantSql(value: ArgumentConstant['value']): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'string':
      return stringConstant(value.text);
    default:
      return value.text;
  }
}
