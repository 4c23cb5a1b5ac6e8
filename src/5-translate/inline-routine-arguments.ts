/**
 * What stands in the place of a routine's parameters. An argument is written where the parameter is, when it
 * means the same there and is evaluated as often; else all such come once, from a subquery beside the body.
 */
import type { Binding } from '../2-find/resolved-site.js';
import { walk } from '../4-classify/walk-body.js';
import type { Select } from '../3-parse/statement.js';
import type { EmbeddedArgument } from '../sql/embedded-call.js';
import type { ArgumentSource } from './arguments.js';
import { identifier } from './identifiers.js';
import type { InlineInput } from './inline-routine.js';
import { freshName, isPureExpression, mayCapture } from './inline-routine-names.js';
import { columnOf, typed } from './inline-routine-types.js';
import { unsupported } from './untranslatable.js';

export interface InlineArguments {
  readonly sources: ReadonlyMap<number, ArgumentSource>;
  /** `value as name`, for the subquery. */
  readonly derived: readonly string[];
  /** Name of that subquery. */
  readonly table: string;
  /** A STRICT routine gives NULL, or no rows, where this is not true. */
  readonly guard: string | null;
  /** An argument names a column of the larger statement. */
  readonly outer: boolean;
  fresh(name: string): string;
}

interface Given {
  readonly position: number;
  readonly name: string;
  readonly type: number;
  /** SQL of the declared type. */
  readonly text: string;
  readonly direct: boolean;
  readonly outer: boolean;
}

export function inlineArguments(
  input: InlineInput,
  select: Select,
  taken: ReadonlySet<string>,
): InlineArguments {
  const own = new Set(taken);
  walk(select, null, ({ node }) => {
    for (const key of ['alias', 'name']) if (typeof node[key] === 'string') own.add(node[key]);
  });
  const strict =
    input.site.routine.strict && input.site.bindings.some((binding) => mayBeNull(binding, input));
  const given = input.site.bindings.map((binding) => givenOf(binding, select, strict, input));
  const table = freshName('args', own);
  const derived = given.filter((one) => !one.direct);
  const sources = given.map(({ position, type, text, name, direct }): [number, ArgumentSource] => [
    position,
    {
      kind: 'sql',
      position,
      declared: type,
      parts: [direct ? text : `${table}.${identifier(name)}`],
      typed: true,
    },
  ]);
  return {
    sources: new Map(sources),
    derived: derived.map(({ text, name }) => `${text} as ${identifier(name)}`),
    table,
    guard: strict
      ? derived.map(({ name }) => `${table}.${identifier(name)} is not null`).join(' and ')
      : null,
    outer: given.some((one) => one.outer),
    fresh: (name) => identifier(freshName(name, new Set([...own, table]))),
  };
}

/** ` from (select … as p) as args where …`; nothing when every argument stands in its place. */
export function argumentTable(values: InlineArguments, guarded = true): readonly string[] {
  if (values.derived.length === 0) return [];
  const guard = guarded && values.guard !== null ? `\nwhere ${values.guard}` : '';
  return [`\nfrom (select ${values.derived.join(', ')}) as ${values.table}${guard}`];
}

function givenOf(binding: Binding, select: Select, strict: boolean, input: InlineInput): Given {
  const { position, parameter, argument } = binding;
  const { place, site } = input;
  if (parameter.mode === 'variadic') return unsupported('a VARIADIC argument');
  const name = parameter.name === null || parameter.name === '' ? `p${String(position)}` : parameter.name;
  const shared = { position, name, type: parameter.type };
  const facts =
    argument === null ? null : (place.call.arguments[site.call.arguments.indexOf(argument)] ?? null);
  if (argument !== null && facts === null) return unsupported('an argument that was not read');
  if (facts === null) {
    const text = defaultText(binding);
    return {
      ...shared,
      text: typed(text, isPlainConstant(text), null, binding, input),
      direct: !strict,
      outer: false,
    };
  }
  refuseArgument(facts, input);
  if (parameter.default !== null && facts.parameters.some((hole) => mayBeUndefined(hole, input)))
    return unsupported(
      `\`${argument?.hole?.expression ?? argument?.sql ?? ''}\` may be undefined, and the default of ${name} applies then`,
    );
  const statement = site.site.statement?.text ?? '';
  const names = facts.parameters.some((hole) => isNameHole(hole, input));
  const written = statement.slice(facts.start, facts.end);
  const hidden = facts.bareNames.filter((bare) => mayCapture(select, bare, input));
  const column = hidden.length === 0 ? null : columnOf(written, facts, place.call, input.catalog);
  const named = column === null ? written : `${identifier(column.table)}.${identifier(column.column.name)}`;
  const text = typed(strict ? written : named, facts.atomic, facts, binding, input);
  const outer = facts.bareNames.length > 0 || facts.columns.length > 0 || facts.subquery || names;
  const captured = hidden.length > 0 && column === null;
  const direct = !strict && isDirect(facts, { names, captured, position }, select, input);
  if (!direct && holdsAggregate(facts, input)) {
    return unsupported('an argument is an aggregate or window call of the larger statement');
  }
  return { ...shared, text, direct, outer };
}

/** Written in the parameter's place it means the same, and is evaluated once or costs nothing. */
function isDirect(
  facts: EmbeddedArgument,
  { names, captured, position }: { names: boolean; captured: boolean; position: number },
  select: Select,
  input: InlineInput,
): boolean {
  const uses = countUses(select, position);
  const bound = facts.parameters.length > 0;
  if (uses === 0) return !bound;
  if (uses > 1 && !(facts.atomic && facts.parameters.every((hole) => isRepeatable(hole, input))))
    return false;
  if (isPureExpression(select)) return true;
  return !facts.subquery && !names && !captured && !holdsAggregate(facts, input);
}

function countUses(select: Select, position: number): number {
  let uses = 0;
  walk(select, null, ({ node }) => {
    if (node.kind === 'parameter' && node['position'] === position) uses += 1;
  });
  return uses;
}

/** `$n` of the driver may stand twice; `${…}` would bind, and evaluate, its value twice. */
function isRepeatable(hole: number, { place, use }: InlineInput): boolean {
  if (place.binds === 'numbered') return true;
  return use.arguments.find((one) => one.hole === hole)?.repeatable === true;
}

/** `${table.column}`, or other SQL: it is text of the statement and no value. */
function isNameHole(hole: number, { place, use }: InlineInput): boolean {
  if (place.binds === 'numbered') return false;
  const members = use.arguments.find((one) => one.hole === hole)?.members ?? [];
  return members.some((member) => member === 'sql' || member === 'any' || member === 'object');
}

/** In a Drizzle template `undefined` prints nothing, so that the call has one argument less. */
function mayBeUndefined(hole: number, { place, use }: InlineInput): boolean {
  if (place.binds === 'numbered') return false;
  return use.arguments.find((one) => one.hole === hole)?.mayBeUndefined === true;
}

function refuseArgument(facts: EmbeddedArgument, input: InlineInput): void {
  const { catalog, place, use } = input;
  if (facts.variadic) unsupported('a VARIADIC argument');
  for (const { schema, name } of facts.functions) {
    const known = catalog.builtins.get(name);
    const own = catalog.routines.find(
      (one) => one.name === name && (schema === null || one.schema === schema),
    );
    const volatile = own === undefined ? (known?.volatile ?? true) : own.volatility === 'volatile';
    const several = own === undefined ? known?.returnsSet : own.returnsSet;
    if (volatile) unsupported(`the argument calls ${name}(), which is volatile`);
    if (several === true) unsupported(`the argument calls ${name}(), which gives several rows`);
  }
  const array = facts.parameters.some(
    (hole) =>
      place.binds === 'template' &&
      use.arguments.find((one) => one.hole === hole)?.members.includes('array') === true &&
      input.site.site.statement?.holes.find((one) => one.index === hole)?.oneParameter !== true,
  );
  if (array && input.site.site.sender.form !== 'tag')
    unsupported('a JavaScript array inside sql`…`, which expands to a list; wrap it in sql.param()');
}

function holdsAggregate(facts: EmbeddedArgument, { catalog }: InlineInput): boolean {
  return facts.ownFunctions.some(({ name }) => {
    const known = catalog.builtins.get(name);
    const own = catalog.routines.find((one) => one.name === name);
    return (
      known?.aggregate === true ||
      known?.window === true ||
      own?.kind === 'aggregate' ||
      own?.kind === 'window'
    );
  });
}

function defaultText({ parameter }: Binding): string {
  const text = (parameter.default ?? 'NULL').trim();
  if (/\(/.test(text) && !/^now\(\)$/i.test(text))
    unsupported(`the default ${text} of ${parameter.name ?? 'a parameter'}`);
  return text;
}

function isPlainConstant(text: string): boolean {
  return /^(?:'(?:[^']|'')*'|[\w.]+|now\(\))(?:::[\w. "[\]]+)?$/.test(text);
}

function mayBeNull({ parameter, argument }: Binding, { place, use, site }: InlineInput): boolean {
  const facts = argument === null ? null : place.call.arguments[site.call.arguments.indexOf(argument)];
  const text = (argument?.sql ?? parameter.default ?? 'NULL').trim();
  if (/^(?:'(?:[^']|'')*'|-?[\d.]+|true|false)(?:::[\w. "]+)?$/i.test(text)) return false;
  const hole = argument?.hole;
  if (!facts?.atomic || !hole || place.binds === 'numbered') return true;
  const fact = use.arguments.find((one) => one.hole === hole.index);
  const value = fact?.members.every((member) => member !== 'sql' && member !== 'any' && member !== 'object');
  return fact === undefined || fact.mayBeNull || fact.mayBeUndefined || value !== true;
}
