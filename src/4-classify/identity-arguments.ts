/**
 * A routine that reads the identity of its caller -> the same routine with what it reads as further input
 * arguments, which a caller gives by name. Calls of routines that have such arguments hand them on.
 */
import type { Catalog, IdentitySource, Routine, RoutineArgument } from '../1-read/catalog.js';
import type { Body } from '../3-parse/body.js';
import type { Expression, ParameterReference } from '../3-parse/expression.js';
import { inputArguments } from '../3-parse/routine-names.js';
import type { Insert } from '../3-parse/statement.js';
import { defaultSource } from './identity-default.js';
import { identitySource } from './identity-source.js';

export interface IdentityInput {
  readonly catalog: Catalog;
  /** Keys that the configuration has an expression for; a part of the token is taken from the whole one. */
  readonly configured: (key: string) => boolean;
  /** What the routines that the body calls are to be given, by OID. */
  readonly handedOn: (oid: number) => readonly IdentitySource[];
  /** Columns that a write leaves to a default which reads the identity are written. */
  readonly defaults: 'written' | 'left';
}

/** What the body reads itself and hands on to what it calls, each once, in order of appearance. */
export function identitySources(body: Body, input: IdentityInput): readonly IdentitySource[] {
  const found = new Map<string, IdentitySource>();
  const note = (source: IdentitySource): Expression => {
    const known = found.get(source.key);
    found.set(source.key, known?.required === true ? known : source);
    return { kind: 'null', type: source.type };
  };
  replaced(body, { ...input, note, type: null });
  return [...found.values()];
}

/** The routine with an argument for each source. */
export function withIdentity(routine: Routine, sources: readonly IdentitySource[]): Routine {
  const declared = routine.identity?.declared ?? routine;
  const names = new Set(declared.arguments.map(({ name }) => bare(name ?? '')));
  const further = sources.map((source): RoutineArgument => {
    const candidates = candidateNames(source);
    const name = candidates.find((one) => !names.has(bare(one))) ?? `${candidates.at(-1) ?? 'value'}_`;
    names.add(bare(name));
    return { name, type: source.type, mode: 'in', default: null };
  });
  return { ...declared, arguments: [...declared.arguments, ...further], identity: { declared, sources } };
}

/** The body with the arguments of `routine` in the place of what it read. */
export function withIdentityArguments(body: Body, routine: Routine, input: IdentityInput): Body {
  const inputs = inputArguments(routine);
  const sources = routine.identity?.sources ?? [];
  const first = inputs.length - sources.length;
  const note = (source: IdentitySource, type: number | null): Expression => {
    const index = first + sources.findIndex(({ key }) => key === source.key);
    const parameter: ParameterReference = {
      kind: 'parameter',
      position: index + 1,
      name: inputs[index]?.name ?? null,
      type: source.type,
      inferred: type === source.type ? type : null,
      path: [],
    };
    return parameter;
  };
  return replaced(body, { ...input, note, type: null }) as Body;
}

interface Walk extends IdentityInput {
  readonly note: (source: IdentitySource, type: number | null) => Expression;
  /** Type that an untyped parameter takes at this place; null: not known. */
  readonly type: number | null;
}

function replaced(value: unknown, walk: Walk): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, walk));
  if (typeof value !== 'object' || value === null) return value;
  if (!('kind' in value)) return mapped(value, { ...walk, type: null });
  const node = value as Expression | Insert;
  if (node.kind === 'insert') return insertOf(node, walk);
  if (isExpression(node)) {
    const source = identitySource(node, walk.catalog);
    if (source !== null && isChosen(source, node, walk)) return walk.note(source, walk.type);
  }
  if (node.kind === 'call') return callOf(node, walk);
  if (node.kind === 'operator' || node.kind === 'distinct') return comparisonOf(node, walk);
  if (Object.hasOwn(node, 'set') && Object.hasOwn(node, 'table')) return updateOf(node, walk);
  return mapped(node, { ...walk, type: null });
}

function mapped(value: object, walk: Walk): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, walk)]));
}

/** A part of the token is one of its own unless only what it is a part of is known. */
function isChosen(source: IdentitySource, node: Expression, { configured, catalog }: Walk): boolean {
  if (configured(source.key)) return true;
  for (let inner = within(node); inner !== null; inner = within(inner)) {
    const whole = identitySource(inner, catalog);
    if (whole !== null && configured(whole.key)) return false;
  }
  return true;
}

function within(node: Expression): Expression | null {
  return node.kind === 'operator' ? node.left : node.kind === 'cast' ? node.operand : null;
}

/** The arguments of a routine that takes an identity are handed on by name. */
function callOf(node: Expression & { readonly kind: 'call' }, walk: Walk): Expression {
  const call = mapped(node, { ...walk, type: null }) as typeof node;
  const sources = node.routine === null ? [] : walk.handedOn(node.routine);
  if (sources.length === 0) return call;
  const called = walk.catalog.routines.find(({ oid }) => oid === node.routine);
  const names = called === undefined ? [] : withIdentity(called, sources).arguments.slice(-sources.length);
  const further = sources.map((source, index) => ({
    name: names[index]?.name ?? null,
    value: walk.note(source, null),
  }));
  return { ...call, arguments: [...call.arguments, ...further] };
}

/** Beside a value of a type, an untyped parameter takes that type (PostgreSQL manual, 10.2). */
function comparisonOf(node: Expression & { readonly kind: 'operator' | 'distinct' }, walk: Walk): Expression {
  const compares = node.kind === 'distinct' || /^(=|<>|!=|<|>|<=|>=)$/.test(node.operator);
  const side = (own: Expression | null, other: Expression | null): unknown =>
    replaced(own, { ...walk, type: compares && other?.kind === 'column' ? other.type : null });
  return { ...node, left: side(node.left, node.right), right: side(node.right, node.left) } as Expression;
}

function updateOf(node: object, walk: Walk): object {
  const { set, table, ...rest } = node as {
    readonly set: readonly {
      readonly column: string;
      readonly value: Expression;
      readonly form: string | null;
    }[];
    readonly table: { readonly oid: number };
  };
  const assigned = set.map((one) => ({
    ...one,
    value: replaced(one.value, {
      ...walk,
      type: one.form === null ? typeOf(table.oid, one.column, walk) : null,
    }),
  }));
  return { ...mapped(rest, { ...walk, type: null }), set: assigned, table };
}

function insertOf(node: Insert, walk: Walk): Insert {
  const stored = walk.defaults === 'written' ? defaultsOf(node, walk) : [];
  const columns = [...node.insertColumns, ...stored.map(({ column }) => column)];
  const { source, ...rest } = node;
  const further = (): readonly Expression[] =>
    stored.map((one) => walk.note(one.source, typeOf(node.into.oid, one.column, walk)));
  const own = (row: readonly Expression[]): readonly Expression[] =>
    row.map((value, index) => {
      const type = typeOf(node.into.oid, node.insertColumns[index] ?? '', walk);
      return replaced(value, { ...walk, type }) as Expression;
    });
  const others = mapped(rest, { ...walk, type: null }) as Omit<Insert, 'source'>;
  const whole = { ...others, insertColumns: columns };
  switch (source.kind) {
    case 'values':
      return {
        ...whole,
        source: { kind: 'values', rows: source.rows.map((row) => [...own(row), ...further()]) },
      };
    case 'default-values':
      return { ...whole, source: stored.length === 0 ? source : { kind: 'values', rows: [further()] } };
    case 'select': {
      const select = replaced(source.select, { ...walk, type: null }) as typeof source.select;
      const targets = stored.map((one) => ({
        name: one.column,
        expression: walk.note(one.source, null),
      }));
      return {
        ...whole,
        source: { kind: 'select', select: { ...select, targets: [...select.targets, ...targets] } },
      };
    }
  }
}

/** Columns that the row takes from a default that reads one source and nothing else. */
function defaultsOf(
  { into, insertColumns, source }: Insert,
  { catalog }: Walk,
): readonly { readonly column: string; readonly source: IdentitySource }[] {
  if (source.kind === 'select' && (source.select.setOperation !== null || source.select.distinct !== null))
    return [];
  const relation = catalog.relations.find(({ oid }) => oid === into.oid);
  return (relation?.columns ?? []).flatMap(({ name, default: text, generated }) => {
    const found = text === null || generated || insertColumns.includes(name) ? null : defaultSource(text);
    return found === null ? [] : [{ column: name, source: found }];
  });
}

function typeOf(relation: number, column: string, { catalog }: Walk): number | null {
  const table = catalog.relations.find(({ oid }) => oid === relation);
  return table?.columns.find(({ name }) => name === column)?.type ?? null;
}

function isExpression(node: { readonly kind: string }): node is Expression {
  return ['call', 'value-function', 'operator', 'cast'].includes(node.kind);
}

function candidateNames({ kind, key, path }: IdentitySource): readonly string[] {
  const last = path.at(-1)?.split('.').at(-1)?.replace(/\W+/g, '_') ?? '';
  if (kind === 'claims') return ['claims', 'token_claims'];
  if (kind === 'role') return [last, `caller_${last}`];
  if (key === 'auth.uid()' || last === 'sub') return ['user_id', 'caller_id', 'caller_user_id'];
  if (key === 'auth.role()' || key === 'auth.email()') return [`caller_${last}`, `token_${last}`];
  return [last, `caller_${last}`];
}

/** `p_user_id` and `user_id` are one name of the generated function. */
function bare(name: string): string {
  return name
    .replace(/^(?:p|in|_in|arg|param)_+/, '')
    .replaceAll('_', '')
    .toLowerCase();
}
