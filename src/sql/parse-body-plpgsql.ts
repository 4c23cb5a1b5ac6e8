/**
 * The tree that PostgreSQL's PL/pgSQL compiler gives for a CREATE FUNCTION text, narrowed once.
 * Datums are numbered by their place in the list; an absent number is zero. Types in it are blind
 * (no catalog), so callers keep their own table of types.
 */
import { parsePlPgSQLSync } from 'libpg-query';

export interface RawExpression {
  readonly query: string;
  /** 0: a statement · 2: an expression · 3, 4, 5: an assignment, target included. */
  readonly mode: number;
}

export interface RawDatum {
  readonly kind: 'var' | 'rec' | 'row' | 'recfield' | 'other';
  readonly name: string;
  readonly line: number;
  readonly constant: boolean;
  readonly notNull: boolean;
  readonly default: RawExpression | null;
  readonly cursor: boolean;
  /** Members of a row: names and datum numbers. */
  readonly fields: readonly { readonly name: string; readonly datum: number }[];
  /** The record of a field. */
  readonly parent: number;
}

/** One node: its tag (`stmt_if` …) with accessors that give absent members their zero value. */
export class RawStep {
  constructor(
    readonly tag: string,
    private readonly members: Readonly<Record<string, unknown>>,
  ) {}

  has(name: string): boolean {
    return this.members[name] !== undefined;
  }

  number(name: string): number {
    const value = this.members[name];
    return typeof value === 'number' ? value : 0;
  }

  text(name: string): string | null {
    const value = this.members[name];
    return typeof value === 'string' ? value : null;
  }

  flag(name: string): boolean {
    return this.members[name] === true;
  }

  node(name: string): RawStep | null {
    return wrap(this.members[name]);
  }

  nodes(name: string): readonly RawStep[] {
    const value = this.members[name];
    return Array.isArray(value) ? value.flatMap((item) => wrap(item) ?? []) : [];
  }

  /** All nodes directly inside, lists included. */
  children(): readonly RawStep[] {
    return Object.values(this.members).flatMap((value) =>
      Array.isArray(value) ? value.flatMap((item) => wrap(item) ?? []) : (wrap(value) ?? []),
    );
  }

  expression(name: string): RawExpression | null {
    return this.node(name)?.asExpression() ?? null;
  }

  asExpression(): RawExpression | null {
    const query = this.text('query');
    return query === null ? null : { query, mode: this.number('parseMode') };
  }
}

export interface RawFunction {
  readonly datums: readonly RawDatum[];
  readonly aliases: readonly { readonly name: string; readonly datum: number }[];
  readonly action: RawStep;
}

export type ParsedPlpgsql =
  { readonly ok: true; readonly function: RawFunction } | { readonly ok: false; readonly message: string };

/** `createFunction` is a whole CREATE FUNCTION … LANGUAGE plpgsql text. Errors have no position. */
export function parsePlpgsqlText(createFunction: string): ParsedPlpgsql {
  let tree: unknown;
  try {
    tree = parsePlPgSQLSync(createFunction);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, message: error.message };
  }
  const functions =
    isObject(tree) && Array.isArray(tree['plpgsql_funcs']) ? (tree['plpgsql_funcs'] as unknown[]) : [];
  const raw = wrap(functions[0]);
  const action = raw?.node('action');
  if (!raw || !action) return { ok: false, message: 'the parser gave no tree' };
  const datums = raw.nodes('datums').map(toDatum);
  const aliases = raw
    .nodes('aliases')
    .map((alias) => ({ name: alias.text('name') ?? '', datum: alias.number('varno') }));
  return { ok: true, function: { datums, aliases, action } };
}

function toDatum(node: RawStep): RawDatum {
  const kinds: Readonly<Record<string, RawDatum['kind']>> = {
    var: 'var',
    rec: 'rec',
    row: 'row',
    recfield: 'recfield',
  };
  return {
    kind: kinds[node.tag] ?? 'other',
    name: node.text('refname') ?? node.text('fieldname') ?? '',
    line: node.number('lineno'),
    constant: node.flag('isconst'),
    notNull: node.flag('notnull'),
    default: node.expression('default_val'),
    cursor: node.has('cursor_explicit_expr'),
    fields: rowFields(node),
    parent: node.number('recparentno'),
  };
}

/** A target row's members; they come as plain objects without a tag. */
export function rowFields(node: RawStep): readonly { readonly name: string; readonly datum: number }[] {
  return node
    .nodes('fields')
    .map((field) => ({ name: field.text('name') ?? '', datum: field.number('varno') }));
}

function wrap(value: unknown): RawStep | null {
  if (!isObject(value)) return null;
  const [key, inner] = Object.entries(value)[0] ?? [];
  if (key?.startsWith('PLpgSQL_') && isObject(inner)) return new RawStep(key.slice('PLpgSQL_'.length), inner);
  return new RawStep('', value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
