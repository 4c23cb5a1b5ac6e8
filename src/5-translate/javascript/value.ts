/** The value of an expression in JavaScript, NULL as null; null when PostgreSQL has to compute it. */
import type { Case, Expression, Literal, Operator } from '../../3-parse/expression.js';
import type { Code } from '../code.js';
import { isFalse, isTrue } from './condition.js';
import {
  binary,
  jsTypeOf,
  nullCode,
  strictValue,
  type JsScope,
  type JsType,
  type JsValue,
} from './js-value.js';

export function jsValue(node: Expression, scope: JsScope): JsValue | null {
  switch (node.kind) {
    case 'parameter':
      return node.path.length > 0 ? null : scope.parameter(node);
    case 'variable':
      return scope.variable(node);
    case 'literal':
      return literal(node);
    case 'operator':
      return operator(node, scope);
    case 'and':
    case 'or':
    case 'not':
      return threeValued(node, scope);
    case 'null-test':
    case 'boolean-test':
    case 'distinct': {
      const test = isTrue(node, scope);
      return test === null ? null : { code: test, type: 'boolean', nullable: false };
    }
    case 'in-list':
    case 'between':
      return threeValued(node, scope);
    case 'coalesce':
      return coalesce(node.operands, scope);
    case 'case':
      return caseValue(node, scope);
    case 'cast':
      return sameTypeCast(node, scope);
    default:
      return null;
  }
}

const TEXT = 25;

function literal(node: Literal): JsValue | null {
  switch (node.literal) {
    case 'string':
      return { code: { kind: 'string', value: node.text }, type: 'text', nullable: false };
    case 'boolean':
      return {
        code: { kind: 'keyword', value: node.text as 'true' | 'false' },
        type: 'boolean',
        nullable: false,
      };
    case 'integer':
      return Math.abs(Number(node.text)) <= 2147483647
        ? { code: { kind: 'number', text: node.text }, type: 'int4', nullable: false }
        : null;
    default:
      return null;
  }
}

function operator(node: Operator, scope: JsScope): JsValue | null {
  if (node.left === null) return negation(node, scope);
  if (['+', '-', '*', '/', '%'].includes(node.operator)) return arithmetic(node, scope);
  if (node.operator === '||') return concatenation(node, scope);
  return threeValued(node, scope);
}

/** int4 results that leave 32 bits are 22003, a zero divisor is 22012, `/` cuts toward zero. */
function arithmetic(node: Operator, scope: JsScope): JsValue | null {
  const [left, right] = [node.left === null ? null : jsValue(node.left, scope), jsValue(node.right, scope)];
  if (left?.type !== 'int4' || right?.type !== 'int4') return null;
  return strictValue([left, right], 'int4', ([a = nullCode, b = nullCode]) => {
    if (node.operator === '/') return support('divideInt4', a, b);
    if (node.operator === '%') return support('moduloInt4', a, b);
    return support('int4Result', binary(a, node.operator, b));
  });
}

function negation(node: Operator, scope: JsScope): JsValue | null {
  const value = jsValue(node.right, scope);
  if (node.operator !== '-' || value?.type !== 'int4') return null;
  return strictValue([value], 'int4', ([code = nullCode]) =>
    support('int4Result', binary({ kind: 'number', text: '0' }, '-', code)),
  );
}

function concatenation(node: Operator, scope: JsScope): JsValue | null {
  const left = node.left === null ? null : written(node.left, scope);
  const right = written(node.right, scope);
  if (left === null || right === null) return null;
  const plain = left.type === 'text' && right.type === 'text';
  return strictValue([left, right], 'text', ([a = nullCode, b = nullCode]) =>
    plain && a.kind !== 'template' && b.kind !== 'template' ? binary(a, '+', b) : joinedText(a, b),
  );
}

/** A text, or an integer, whose text JavaScript writes as PostgreSQL does. */
function written(node: Expression, scope: JsScope): JsValue | null {
  const inner = node.kind === 'cast' && node.type === TEXT ? jsValue(node.operand, scope) : null;
  const value = inner !== null && isInteger(inner) ? inner : jsValue(node, scope);
  return value !== null && (value.type === 'text' || isInteger(value)) ? value : null;
}

function isInteger({ type }: JsValue): boolean {
  return type === 'int4' || type === 'int8';
}

function joinedText(left: Code, right: Code): Code {
  const parts = [left, right].flatMap((code): readonly (string | Code)[] => {
    if (code.kind === 'template') return code.parts;
    return code.kind === 'string' ? [code.value] : [code];
  });
  return { kind: 'template', parts };
}

/** true, false or null, from "is true" and "is false". */
function threeValued(node: Expression, scope: JsScope): JsValue | null {
  const yes = isTrue(node, scope);
  if (yes === null) return null;
  if (!mayBeNull(node, scope)) return { code: yes, type: 'boolean', nullable: false };
  const no = isFalse(node, scope);
  if (no === null) return null;
  const otherwise: Code = {
    kind: 'conditional',
    test: no,
    then: { kind: 'keyword', value: 'false' },
    otherwise: nullCode,
  };
  return {
    code: { kind: 'conditional', test: yes, then: { kind: 'keyword', value: 'true' }, otherwise },
    type: 'boolean',
    nullable: true,
  };
}

function mayBeNull(node: Expression, scope: JsScope): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'not':
      return node.operands.some((operand) => mayBeNull(operand, scope));
    case 'operator':
      return [node.left, node.right].some((side) => side !== null && mayBeNull(side, scope));
    case 'in-list':
      return [node.operand, ...node.items].some((item) => mayBeNull(item, scope));
    case 'between':
      return [node.operand, node.low, node.high].some((item) => mayBeNull(item, scope));
    default:
      return jsValue(node, scope)?.nullable ?? true;
  }
}

function coalesce(operands: readonly Expression[], scope: JsScope): JsValue | null {
  const values = operands.map((operand) => jsValue(operand, scope));
  const [first, ...rest] = values;
  if (first === undefined || first === null || !isComputed(first.type)) return null;
  let code = rest.length > 0 ? (first.known?.loose ?? first.code) : first.code;
  let { nullable } = first;
  for (const value of rest) {
    if (value === null || value.type !== first.type) return null;
    // What comes after a value that is never NULL is not evaluated.
    if (nullable) code = orElse(code, value.code);
    nullable = nullable && value.nullable;
  }
  return { code, type: first.type, nullable };
}

/** `a !== null ? f(a) : null` takes the other value in the place of its null. */
function orElse(code: Code, other: Code): Code {
  const isGuarded =
    code.kind === 'conditional' && code.otherwise.kind === 'keyword' && code.otherwise.value === 'null';
  const isPresent = isGuarded && /^(template|number|string)$/.test(code.then.kind);
  const joined = isGuarded && code.then.kind === 'binary' && code.then.operator === '+';
  return isPresent || joined ? { ...code, otherwise: other } : binary(code, '??', other);
}

function caseValue(node: Case, scope: JsScope): JsValue | null {
  if (node.subject !== null) return null;
  const otherwise =
    node.otherwise === null || node.otherwise.kind === 'null' ? null : jsValue(node.otherwise, scope);
  if (otherwise === null && node.otherwise !== null && node.otherwise.kind !== 'null') return null;
  if (otherwise !== null && !isComputed(otherwise.type)) return null;
  let type: JsType | null = otherwise?.type ?? null;
  let nullable = otherwise === null || otherwise.nullable;
  let code: Code = otherwise?.code ?? nullCode;
  for (const { when, then } of node.branches.toReversed()) {
    const test = isTrue(when, scope);
    const value = then.kind === 'null' ? { code: nullCode, type, nullable: true } : jsValue(then, scope);
    if (test === null || value === null || (value.type !== null && !isComputed(value.type))) return null;
    if (type !== null && value.type !== null && value.type !== type) return null;
    type ??= value.type;
    nullable ||= value.nullable;
    code = { kind: 'conditional', test, then: value.code, otherwise: code };
  }
  return type === null ? null : { code, type, nullable };
}

/** Its values are JavaScript's own. */
function isComputed(type: JsType): boolean {
  return type !== 'int8' && type !== 'other';
}

function sameTypeCast(node: Extract<Expression, { kind: 'cast' }>, scope: JsScope): JsValue | null {
  const inner = jsValue(node.operand, scope);
  const type = jsTypeOf(node.type);
  if (inner !== null && node.type === TEXT && isInteger(inner))
    return strictValue([inner], 'text', ([code = nullCode]) => ({ kind: 'template', parts: [code] }));
  // `varchar(3)` cuts, and text to int4 parses: only a cast that changes nothing is left out.
  return inner !== null && inner.type === type && !node.typeName.includes('(') ? inner : null;
}

function support(name: string, ...items: readonly Code[]): Code {
  return { kind: 'call', callee: { kind: 'routine', module: 'support', name }, arguments: items };
}
