/** Variables, arguments and FOUND as they are read at a point of the body: by JavaScript and inside SQL. */
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import { typeName } from '../arguments.js';
import type { Code } from '../code.js';
import { takesDeclaredType } from '../expressions/parameter.js';
import { bind, fragment, type Fragment } from '../fragment.js';
import {
  binary,
  jsTypeOf,
  nullCode,
  type JsScope,
  type JsType,
  type JsValue,
  type KnownForm,
} from '../javascript/js-value.js';
import { parameterUse } from '../parameter-type.js';
import type { BareVariable, Scope } from '../scope.js';
import { tableOccurrences } from '../statements/ranges.js';
import { carrier } from './carrier.js';
import type { StepsContext } from './context.js';
import { countCode } from './row-count.js';
import type { Binding, Flow } from './flow.js';

export interface Read {
  readonly code: Code;
  readonly type: number;
  readonly nullable: boolean;
  /** As the driver gave it, which no statement takes back. */
  readonly given?: boolean;
  /** A field of a row that may be missing, as it reads where the row is there and the field is not NULL. */
  readonly known?: KnownForm;
}

/** The value as JavaScript holds it; null where it has none there. */
export function readVariable(node: VariableReference, flow: Flow): Read | null {
  const binding = flow.bindings.get(node.variable);
  const [field, ...deeper] = node.path;
  if (binding === undefined || deeper.length > 0) return null;
  const own =
    field === undefined ? binding : binding.kind === 'record' ? binding.fields.get(field) : undefined;
  if (own === undefined) return null;
  const read = readBinding(own, factKey(node), node.type, flow);
  const given = (own.kind === 'local' || own.kind === 'field') && own.given === true;
  return read !== null && given ? { ...read, given } : read;
}

/** A name for what conditions tell of it. */
export function factKey(node: VariableReference): string {
  return ['v' + String(node.variable), ...node.path].join('.');
}

function readBinding(binding: Binding, key: string, declared: number | null, flow: Flow): Read | null {
  switch (binding.kind) {
    case 'null':
      return declared === null
        ? null
        : { code: { kind: 'keyword', value: 'null' }, type: declared, nullable: true };
    case 'local':
      return {
        code: binding.code,
        type: binding.type,
        nullable: binding.nullable && !flow.known.has(key),
      };
    case 'field': {
      const { row, type } = binding;
      const local: Code = { kind: 'local', name: row.name };
      const nullable = binding.nullable && !flow.known.has(key);
      if (flow.present.has(row.name))
        return { code: { kind: 'member', object: local, property: binding.key }, type, nullable };
      if (row.certain) {
        const object: Code = { kind: 'non-null', value: local };
        return { code: { kind: 'member', object, property: binding.key }, type, nullable };
      }
      const left: Code = { kind: 'member', object: local, property: binding.key, optional: true };
      const right: Code = { kind: 'keyword', value: 'null' };
      return {
        code: { kind: 'binary', operator: '??', left, right },
        type,
        nullable: true,
        known: {
          code: { kind: 'member', object: local, property: binding.key },
          tests: [nullable ? binary(left, '!=', nullCode) : binary(local, '!==', undefinedCode)],
          loose: left,
        },
      };
    }
    default:
      return null;
  }
}

/** For conditions and values that JavaScript computes exactly. */
export function jsScope(context: StepsContext, flow: Flow): JsScope {
  return {
    parameter: (node) => {
      const parameter = context.parameters[node.position - 1];
      if (parameter === undefined || node.path.length > 0) return null;
      const type = jsTypeOf(node.type) ?? 'other';
      const nullable = context.input.nullable.has(node.position) && !flow.known.has(`p${node.position}`);
      if (type === 'int4' && !flow.sent.has(node.position)) context.checked.add(node.position);
      return { code: { kind: 'argument', position: node.position }, type, nullable };
    },
    variable: (node) => jsVariable(node, context, flow),
  };
}

function jsVariable(node: VariableReference, context: StepsContext, flow: Flow): JsValue | null {
  const tested = context.rowTests.get(node.variable);
  if (tested !== undefined) return rowTest(tested.name);
  if (context.variables[node.variable]?.origin === 'found') return foundValue(context, flow);
  const read = readVariable(node, flow);
  if (read === null) return null;
  return { ...read, type: jsTypeOfCarried(read.type, context) };
}

/** As the value is carried: a bigint is its text, and of what else is text only NULL can be told. */
function jsTypeOfCarried(oid: number, context: StepsContext): JsType {
  if (oid === 20) return carrier(context.input.catalog, oid, context.driver).raw ? 'int8' : 'other';
  return jsTypeOf(oid) ?? 'other';
}

const undefinedCode: Code = { kind: 'keyword', value: 'undefined' };

function rowTest(name: string): JsValue {
  const code = binary({ kind: 'local', name }, '!==', undefinedCode);
  return { code, type: 'boolean', nullable: false };
}

export function foundValue(context: StepsContext, flow: Flow): JsValue | null {
  const { found } = flow;
  switch (found.kind) {
    case 'row':
      return rowTest(found.row.name);
    case 'constant':
      return {
        code: { kind: 'keyword', value: found.value ? 'true' : 'false' },
        type: 'boolean',
        nullable: false,
      };
    case 'count': {
      const zero: Code = { kind: 'number', text: '0' };
      const left = countCode(found.source, context);
      return { code: { kind: 'binary', operator: '>', left, right: zero }, type: 'boolean', nullable: false };
    }
    case 'kept': {
      const code: Code = { kind: 'local', name: context.foundName ?? 'found' };
      return { code, type: 'boolean', nullable: false };
    }
    case 'unknown':
      context.wantsFound = true;
      return null;
  }
}

/** The scope of one statement or expression of the body. */
export function sqlScope(
  root: unknown,
  context: StepsContext,
  flow: Flow,
  form: Scope['form'] = 'builder',
): Scope {
  const { input } = context;
  const occurrences = tableOccurrences(root);
  return {
    catalog: input.catalog,
    tables: input.project.tables,
    routine: input.routine,
    driver: context.driver,
    arguments: new Map(context.parameters.map(({ module, source }) => [module.position, source])),
    variable: (node) => sqlVariable(node, context, flow),
    bareVariable: (node) => bareVariable(node, context, flow),
    ranges: new Map(),
    form,
    repeated: new Set(occurrences.filter((oid, index) => occurrences.indexOf(oid) !== index)),
    staying: context.staying,
    placeholders: new Map(),
    prelude: [],
    referenced: new Set(),
    cautious: input.cautious ?? false,
  };
}

function sqlVariable(node: VariableReference, context: StepsContext, flow: Flow): Fragment | null {
  const binding = flow.bindings.get(node.variable);
  if (binding?.kind === 'fragment' && node.path.length === 0) return fragment(bind.atom, binding.code);
  if (context.variables[node.variable]?.origin === 'found') {
    const found = foundValue(context, flow);
    return found === null ? null : fragment(bind.cast, found.code, '::boolean');
  }
  const read = readVariable(node, flow);
  if (read === null || read.given === true) return null;
  const { raw } = carrier(context.input.catalog, read.type, context.driver);
  const fits = raw && takesDeclaredType({ ...node, type: read.type });
  return fits
    ? fragment(bind.atom, read.code)
    : fragment(bind.cast, read.code, `::${typeName(context.input.catalog, read.type)}`);
}

function bareVariable(node: VariableReference, context: StepsContext, flow: Flow): BareVariable | null {
  const binding = flow.bindings.get(node.variable);
  if (binding?.kind === 'fragment' && node.path.length === 0) return { code: binding.code, use: 'sql' };
  const read = readVariable(node, flow);
  if (read === null || read.given === true || read.type !== node.type) return null;
  const carried = carrier(context.input.catalog, read.type, context.driver);
  if (!carried.raw) return null;
  return { code: read.code, use: parameterUse(carried.type, 0, read.nullable) };
}

/**
 * The expression with what is known not to be NULL here in place of its names, to be asked whether it can be
 * NULL; not to be translated.
 */
export function withKnown(node: Expression, context: StepsContext, flow: Flow): Expression {
  const never: Expression = { kind: 'literal', literal: 'integer', text: '0', type: null };
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const one = value as Expression;
    if (one.kind === 'parameter')
      return context.input.nullable.has(one.position) && !flow.known.has(`p${one.position}`) ? one : never;
    if (one.kind === 'variable') {
      if (context.variables[one.variable]?.origin === 'found') return never;
      const read = readVariable(one, flow);
      return read !== null && !read.nullable ? never : one;
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(node) as Expression;
}
