/** RAISE EXCEPTION as a thrown error with the SQLSTATE, message, detail and hint that PostgreSQL would give. */
import type { Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import type { Code, Line } from '../code.js';
import { strictValue } from '../javascript/js-value.js';
import { jsValue } from '../javascript/value.js';
import { unsupported } from '../untranslatable.js';
import { cannotFail } from './cannot-fail.js';
import { bareName, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { tell } from './hazards.js';
import { jsScope, readVariable } from './read-variable.js';
import { carrier } from './carrier.js';
import { evaluated } from './send.js';
import { sqlstateOf } from './sqlstates.js';

type RaiseStep = Extract<Step, { kind: 'raise' }>;

export function raise(step: RaiseStep, context: StepsContext, flow: Flow, out: Line[]): void {
  if (step.level !== 'exception') return leftOut(step, context, flow, out);
  if (step.condition === null && step.message === null && step.options.length === 0)
    return raiseAgain(context, flow, out);
  const options = new Map(step.options.map(({ name, value }) => [name, value]));
  for (const name of options.keys())
    if (!(name in optionKeys) && name !== 'ERRCODE' && name !== 'MESSAGE')
      unsupported(`RAISE … USING ${name}`);
  const code = errcode(step, options.get('ERRCODE'));
  const written = options.get('MESSAGE');
  if (written !== undefined && step.message !== null) unsupported('RAISE with two messages');
  const message =
    step.message === null
      ? written === undefined
        ? ({ kind: 'string', value: step.condition ?? codeText(options.get('ERRCODE')) } as const)
        : optionText(written, context, flow, out)
      : formatted(step.message, step.parameters, context, flow, out);
  const entries = [...options].flatMap(([name, value]) => {
    const key = optionKeys[name]?.[context.driver === 'postgres-js' ? 1 : 0];
    return key === undefined ? [] : [[key, optionText(value, context, flow, out)] as const];
  });
  out.push(thrown(code, message, entries));
  context.raises.push(new Set(flow.sent));
  flow.ended = true;
}

/** RAISE alone raises the handled error as it came. */
function raiseAgain(context: StepsContext, flow: Flow, out: Line[]): void {
  const name = context.handling.at(-1);
  if (name === undefined) return unsupported('RAISE without parameters outside a handler');
  out.push({ kind: 'throw', value: { kind: 'local', name } });
  context.raises.push(new Set(flow.sent));
  flow.ended = true;
}

/** How the drivers call the fields of an error: node-postgres and PGlite, and postgres.js. */
const optionKeys: Readonly<Record<string, readonly [string, string]>> = {
  DETAIL: ['detail', 'detail'],
  HINT: ['hint', 'hint'],
  COLUMN: ['column', 'column_name'],
  CONSTRAINT: ['constraint', 'constraint_name'],
  DATATYPE: ['dataType', 'type_name'],
  TABLE: ['table', 'table_name'],
  SCHEMA: ['schema', 'schema_name'],
};

/** Nobody receives what is below an error; evaluating its parameters may fail all the same, and stays. */
function leftOut(step: RaiseStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const values = [...step.parameters, ...step.options.map(({ value }) => value)];
  for (const value of values) {
    if (cannotFail(value, context, flow)) continue;
    const { code } = evaluated(value, '::text', 25, context, flow, out);
    out.push({ kind: 'expression', value: code });
  }
  tell(
    context,
    'raise-notice',
    `Its RAISE ${step.level.toUpperCase()} (line ${step.line}) is left out: nobody receives it any more.`,
  );
}

/** `throw new RoutineError('P0002', 'query returned no rows')`. */
export function raised(code: string, message: string, { hint }: { readonly hint?: string }): Line {
  const entries = hint === undefined ? [] : [['hint', { kind: 'string', value: hint } as const] as const];
  return thrown(code, { kind: 'string', value: message }, entries);
}

function thrown(code: string, message: Code, options: readonly (readonly [string, Code])[]): Line {
  const entries = options.map(([key, value]) => ({ kind: 'property', key, value }) as const);
  const own = entries.filter(({ key }) => key === 'detail' || key === 'hint');
  const more = entries.filter((entry) => !own.includes(entry));
  const error: Code = {
    kind: 'new',
    callee: { kind: 'routine', module: 'support', name: 'RoutineError' },
    arguments: [
      { kind: 'string', value: code },
      message,
      ...(own.length === 0 ? [] : [{ kind: 'object', entries: own } as const]),
    ],
  };
  if (more.length === 0) return { kind: 'throw', value: error };
  const callee: Code = { kind: 'routine', module: 'support', name: 'withFields' };
  return {
    kind: 'throw',
    value: { kind: 'call', callee, arguments: [error, { kind: 'object', entries: more }] },
  };
}

function errcode(step: RaiseStep, option: Expression | undefined): string {
  if (option === undefined) return step.condition === null ? 'P0001' : stateOf(step.condition);
  if (step.condition !== null) unsupported('RAISE with two codes');
  if (option.kind !== 'literal') return unsupported('RAISE with a computed ERRCODE');
  return stateOf(option.text);
}

/** Without a message the code stands for it, as it was written. */
function codeText(option: Expression | undefined): string {
  return option?.kind === 'literal' ? option.text : 'P0001';
}

function stateOf(text: string): string {
  return /^[0-9A-Z]{5}$/.test(text) ? text : (sqlstateOf(text) ?? unsupported(`the condition name ${text}`));
}

/** `%` stands for the next parameter and `%%` for a percent sign. */
function formatted(
  format: string,
  parameters: readonly Expression[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code {
  const parts: (string | Code)[] = [];
  let next = 0;
  for (const [text] of format.matchAll(/%%|%|[^%]+/g)) {
    if (text === '%%') parts.push('%');
    else if (text !== '%') parts.push(text);
    else {
      const parameter = parameters[next++];
      if (parameter === undefined) return unsupported('RAISE with too few parameters');
      const { code, nullable } = textOf(parameter, context, flow, out);
      parts.push(nullable ? orElse(code, '<NULL>') : code);
    }
  }
  if (next !== parameters.length) return unsupported('RAISE with too many parameters');
  return template(parts);
}

/** A NULL option is an error of its own (22004). */
function optionText(node: Expression, context: StepsContext, flow: Flow, out: Line[]): Code {
  const { code, nullable } = textOf(node, context, flow, out);
  if (!nullable) return code;
  const callee: Code = { kind: 'routine', module: 'support', name: 'raiseOption' };
  return { kind: 'call', callee, arguments: [code] };
}

/** The value as PostgreSQL prints it. */
function textOf(
  node: Expression,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): { readonly code: Code; readonly nullable: boolean } {
  const read = node.kind === 'variable' ? readVariable(node, flow) : null;
  if (read !== null && carriedAsText(read.type, context)) return read;
  const checked = [...context.checked];
  const value = jsValue(node, jsScope(context, flow));
  switch (value?.type) {
    case 'text':
    case 'int4':
      return { code: value.code, nullable: value.nullable };
    case 'int8':
      return { code: value.code, nullable: value.nullable };
    case 'boolean': {
      const then: Code = { kind: 'string', value: 't' };
      const otherwise: Code = { kind: 'string', value: 'f' };
      const shown = strictValue([value], 'text', ([test = value.code]) => ({
        kind: 'conditional',
        test,
        then,
        otherwise,
      }));
      if (shown !== null) return shown;
      break;
    }
    default:
  }
  context.checked.clear();
  for (const position of checked) context.checked.add(position);
  // A boolean cast to text is spelled out, as its output function does not.
  if (value?.type === 'boolean' || node.type === 16) unsupported('RAISE of a boolean that may be NULL');
  const { code, nullable } = evaluated(node, '::text', 25, context, flow, out);
  const name = context.names.unique(`${shownName(node, context)}_text`);
  out.push({ kind: 'const', pattern: name, value: code });
  return { code: { kind: 'local', name }, nullable };
}

/** The driver's own text of a value is the one that PostgreSQL prints. */
function carriedAsText(type: number, context: StepsContext): boolean {
  const { raw, type: name } = carrier(context.input.catalog, type, context.driver);
  return raw && name === 'string';
}

function shownName(node: Expression, context: StepsContext): string {
  if (node.kind === 'parameter') return context.parameters[node.position - 1]?.module.name ?? 'value';
  return node.kind === 'variable' ? bareName(node.name) : 'shown';
}

function orElse(code: Code, text: string): Code {
  const instead: Code = { kind: 'string', value: text };
  if (code.kind === 'binary' && code.operator === '??' && code.right.kind === 'keyword')
    return { ...code, right: instead };
  if (code.kind === 'conditional' && code.otherwise.kind === 'keyword' && code.otherwise.value === 'null')
    return { ...code, otherwise: instead };
  return { kind: 'binary', operator: '??', left: code, right: instead };
}

/** A string where nothing is put in, else a template string. */
function template(parts: readonly (string | Code)[]): Code {
  const joined = parts.reduce<(string | Code)[]>((list, part) => {
    const last = list.at(-1);
    const text = typeof part === 'string' ? part : part.kind === 'string' ? part.value : null;
    if (text !== null && typeof last === 'string') list[list.length - 1] = last + text;
    else list.push(text ?? part);
    return list;
  }, []);
  const [only] = joined;
  if (joined.length === 0) return { kind: 'string', value: '' };
  if (joined.length === 1 && typeof only === 'string') return { kind: 'string', value: only };
  return { kind: 'template', parts: joined };
}
