/** A routine that reads no table and that JavaScript computes exactly: an expression, without a round trip. */
import type { SingleInput } from './translate-single.js';
import type { ParameterReference } from '../3-parse/expression.js';
import { argumentSources, type ArgumentSource } from './arguments.js';
import type { Code } from './code.js';
import type { InlineDraft } from './draft.js';
import { jsTypeOf, nullCode, type JsScope, type JsType, type JsValue } from './javascript/js-value.js';
import { jsValue } from './javascript/value.js';
import { outputTargets } from './selection.js';

/** Null when any part of the value is PostgreSQL's to compute. */
export function asJavaScript(input: SingleInput): InlineDraft | null {
  const { site, use, verdict, catalog } = input;
  const { statement, result } = verdict;
  const reads =
    statement.kind !== 'select' ||
    statement.from.length > 0 ||
    statement.where !== null ||
    statement.limit !== null;
  if (reads || result.kind !== 'first-row' || site.output.shape !== 'scalar' || use.shape === 'result')
    return null;
  const [target, ...others] = outputTargets(statement);
  const [column] = site.output.columns;
  if (
    target === undefined ||
    others.length > 0 ||
    column === undefined ||
    (result.columns[0]?.castFrom ?? null) !== null
  )
    return null;
  const value = jsValue(target.expression, argumentScope(argumentSources(site, use, catalog)));
  if (value === null || value.type === 'int8' || value.type === 'other') return null;
  if (value.type !== jsTypeOf(column.type) || !checksIntegers(value.code, site)) return null;
  const type = { int4: 'number', boolean: 'boolean', text: 'string' }[value.type];
  return {
    kind: 'inline',
    completeness: 'complete',
    todos: [],
    statements: 0,
    roundTrips: 0,
    hazards: [],
    describable: [],
    query: value.code,
    synchronous: true,
    shape: 'value',
    cardinality: 'exactly-one',
    columns: [{ key: column.key, type, nullable: value.nullable }],
    nullRowWhenEmpty: false,
  };
}

/** Each integer argument is checked on every path: PostgreSQL refuses a wrong one before it computes. */
function checksIntegers(code: Code, site: SingleInput['site']): boolean {
  const always = alwaysEvaluated(code);
  return site.bindings.every(
    ({ position, parameter, argument }) =>
      parameter.type !== int4 || (argument?.hole ?? null) === null || always.has(position),
  );
}

const int4 = 23;

/** Positions of the arguments that stand outside every branch. */
function alwaysEvaluated(code: Code): ReadonlySet<number> {
  switch (code.kind) {
    case 'argument':
      return new Set([code.position]);
    case 'conditional':
      return alwaysEvaluated(code.test);
    case 'binary': {
      const left = alwaysEvaluated(code.left);
      return ['&&', '||', '??'].includes(code.operator)
        ? left
        : new Set([...left, ...alwaysEvaluated(code.right)]);
    }
    case 'not':
      return alwaysEvaluated(code.value);
    case 'call':
      return new Set(code.arguments.flatMap((item) => [...alwaysEvaluated(item)]));
    default:
      return new Set();
  }
}

function argumentScope(sources: ReadonlyMap<number, ArgumentSource>): JsScope {
  return {
    parameter: (node: ParameterReference) => argumentValue(sources.get(node.position)),
    variable: () => null,
  };
}

const members: Readonly<Partial<Record<JsType, string>>> = {
  int4: 'number',
  boolean: 'boolean',
  text: 'string',
};

/** Only what TypeScript says is of the type: the driver would have turned anything else into text. */
function argumentValue(source: ArgumentSource | undefined): JsValue | null {
  if (source === undefined || source.kind === 'sql') return null;
  const type = jsTypeOf(source.declared);
  if (type === null) return null;
  if (source.kind === 'constant') return constantValue(source.value, type);
  const { use, casts, position } = source;
  if (use === null || use.mayBeUndefined || casts.length > 0 || use.members.length !== 1) return null;
  if (use.members[0] !== members[type]) return null;
  const argument: Code = { kind: 'argument', position };
  // A number may be a fraction or beyond 32 bits, which PostgreSQL refuses as an integer.
  const helper: Code = { kind: 'routine', module: 'support', name: 'int4' };
  const code: Code = type === 'int4' ? { kind: 'call', callee: helper, arguments: [argument] } : argument;
  return { code, type, nullable: use.mayBeNull };
}

function constantValue(
  value: Extract<ArgumentSource, { kind: 'constant' }>['value'],
  type: JsType,
): JsValue | null {
  if (value.kind === 'null') return { code: nullCode, type, nullable: true };
  if (value.kind === 'string' && type === 'text')
    return { code: { kind: 'string', value: value.text }, type, nullable: false };
  if (value.kind === 'boolean' && type === 'boolean') {
    return { code: { kind: 'keyword', value: value.text as 'true' | 'false' }, type, nullable: false };
  }
  const integer =
    value.kind === 'number' &&
    type === 'int4' &&
    /^-?\d+$/.test(value.text) &&
    Math.abs(Number(value.text)) < 2 ** 31;
  return integer ? { code: { kind: 'number', text: value.text }, type, nullable: false } : null;
}
