/**
 * Conditions as "is true" and "is false", never as a JavaScript truth value of something that may be NULL:
 * `NOT (a > b)` with a NULL is not true.
 */
import type { Expression, Operator } from '../../3-parse/expression.js';
import type { Code } from '../code.js';
import {
  allOf,
  binary,
  isNotNull,
  isNull,
  isRepeatable,
  knownForm,
  negate,
  nullCode,
  type JsScope,
  type JsValue,
} from './js-value.js';
import { jsValue } from './value.js';

/** JavaScript that is true exactly when the expression is; null when PostgreSQL has to tell. */
export function isTrue(node: Expression, scope: JsScope): Code | null {
  switch (node.kind) {
    case 'and':
      return all('&&', node.operands, (operand) => isTrue(operand, scope));
    case 'or':
      return all('||', node.operands, (operand) => isTrue(operand, scope));
    case 'not':
      return node.operands[0] === undefined ? null : isFalse(node.operands[0], scope);
    case 'null-test':
      return nullTest(node.operand, node.negated, scope);
    case 'boolean-test':
      return booleanTest(node, scope);
    case 'distinct':
      return distinct(node, scope);
    case 'operator':
      return comparison(node, scope, false);
    case 'in-list':
      return node.negated ? inList(node, scope, 'none') : inList(node, scope, 'some');
    case 'between':
      return between(node, scope, false);
    case 'null':
      return { kind: 'keyword', value: 'false' };
    default: {
      const value = jsValue(node, scope);
      if (value?.type !== 'boolean') return null;
      return value.nullable
        ? binary(looseCode(value), '===', { kind: 'keyword', value: 'true' })
        : value.code;
    }
  }
}

/** JavaScript that is true exactly when the expression is false; NULL is neither. */
export function isFalse(node: Expression, scope: JsScope): Code | null {
  switch (node.kind) {
    case 'and':
      return all('||', node.operands, (operand) => isFalse(operand, scope));
    case 'or':
      return all('&&', node.operands, (operand) => isFalse(operand, scope));
    case 'not':
      return node.operands[0] === undefined ? null : isTrue(node.operands[0], scope);
    case 'null-test':
      return nullTest(node.operand, !node.negated, scope);
    case 'boolean-test':
    case 'distinct': {
      const test = isTrue(node, scope);
      return test === null ? null : negate(test);
    }
    case 'operator':
      return comparison(node, scope, true);
    case 'in-list':
      return node.negated ? inList(node, scope, 'some') : inList(node, scope, 'none');
    case 'between':
      return between(node, scope, true);
    case 'null':
      return { kind: 'keyword', value: 'false' };
    default: {
      const value = jsValue(node, scope);
      if (value?.type !== 'boolean') return null;
      return value.nullable
        ? binary(looseCode(value), '===', { kind: 'keyword', value: 'false' })
        : negate(value.code);
    }
  }
}

const operators: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  '=': ['===', '!=='],
  '<>': ['!==', '==='],
  '!=': ['!==', '==='],
  '<': ['<', '>='],
  '<=': ['<=', '>'],
  '>': ['>', '<='],
  '>=': ['>=', '<'],
};

/** Text is only compared for equality: its order is the collation's. */
function comparison(node: Operator, scope: JsScope, negated: boolean): Code | null {
  const signs = operators[node.operator];
  const left = node.left === null ? null : jsValue(node.left, scope);
  const right = jsValue(node.right, scope);
  if (signs === undefined || left === null || right === null) return null;
  const wide = wideComparison(left, right, negated ? signs[1] : signs[0]);
  if (wide !== null) return wide;
  if (left.type !== right.type || left.type === 'int8' || left.type === 'other') return null;
  const equality = ['=', '<>', '!='].includes(node.operator);
  if (left.type !== 'int4' && !equality) return null;
  const sign = negated ? signs[1] : signs[0];
  if (sign === '===') return equal(left, right);
  return guarded([left, right], (a, b) => binary(a, sign, b));
}

/** Strict equality with a value that is not NULL needs no guard. */
function equal(left: JsValue, right: JsValue): Code | null {
  const plain = binary(looseCode(left), '===', looseCode(right));
  if (!left.nullable || !right.nullable) return plain;
  const guard = [left, right].find((value) => isRepeatable(value.code) && value.known === undefined);
  if (guard === undefined) return guarded([left, right], (a, b) => binary(a, '===', b));
  return binary(isNotNull(guard), '&&', plain);
}

/** An int8 comes as text. Rounding it to a double keeps its order towards an int4, which is exact there. */
function wideComparison(left: JsValue, right: JsValue, sign: string): Code | null {
  const types = [left.type, right.type];
  if (!types.includes('int8') || !types.includes('int4')) return null;
  const number = (value: JsValue, code: Code): Code =>
    value.type === 'int8'
      ? { kind: 'call', callee: { kind: 'local', name: 'Number' }, arguments: [code] }
      : code;
  // Number(null) is 0, so that equality needs its guard too.
  return guarded([left, right], (a, b) => binary(number(left, a), sign, number(right, b)));
}

/** No operand is NULL, and the test holds. */
function guarded(
  [left, right]: readonly [JsValue, JsValue],
  test: (left: Code, right: Code) => Code,
): Code | null {
  const [a, b] = [knownForm(left), knownForm(right)];
  if (a === null || b === null) return null;
  return allOf([...a.tests, ...b.tests, test(a.code, b.code)]);
}

/** As equality takes it: undefined for NULL is as good as null. */
function looseCode(value: JsValue): Code {
  return value.known?.loose ?? value.code;
}

function nullTest(operand: Expression, negated: boolean, scope: JsScope): Code | null {
  const value = jsValue(operand, scope);
  if (value === null) return null;
  if (!value.nullable) return { kind: 'keyword', value: negated ? 'true' : 'false' };
  return negated ? isNotNull(value) : isNull(value);
}

function booleanTest(node: Extract<Expression, { kind: 'boolean-test' }>, scope: JsScope): Code | null {
  if (node.test === 'unknown') return nullTest(node.operand, node.negated, scope);
  const test = node.test === 'true' ? isTrue(node.operand, scope) : isFalse(node.operand, scope);
  return test === null || !node.negated ? test : negate(test);
}

/** JavaScript's strict equality treats null as one value, as IS NOT DISTINCT FROM does NULL. */
function distinct(node: Extract<Expression, { kind: 'distinct' }>, scope: JsScope): Code | null {
  const side = (operand: Expression): Code | null =>
    operand.kind === 'null' ? nullCode : (jsValue(operand, scope)?.code ?? null);
  const types = [node.left, node.right].map((operand) =>
    operand.kind === 'null' ? null : jsValue(operand, scope)?.type,
  );
  const [left, right] = [side(node.left), side(node.right)];
  if (left === null || right === null || (types[0] !== types[1] && !types.includes(null))) return null;
  if (types.some((type) => type === 'int8' || type === 'other')) return null;
  return binary(left, node.negated ? '===' : '!==', right);
}

/** some: equal to one of the items · none: the operand and all items are known, and none is equal. */
function inList(
  node: Extract<Expression, { kind: 'in-list' }>,
  scope: JsScope,
  which: 'some' | 'none',
): Code | null {
  const operand = jsValue(node.operand, scope);
  const items = node.items.map((item) => jsValue(item, scope));
  if (operand === null || operand.type === 'int8' || operand.type === 'other') return null;
  if (items.some((item) => item === null || item.nullable || item.type !== operand.type)) return null;
  const list: Code = { kind: 'array', items: items.flatMap((item) => item?.code ?? []) };
  const includes: Code = {
    kind: 'call',
    callee: { kind: 'member', object: list, property: 'includes' },
    arguments: [operand.code],
  };
  if (operand.nullable) return null;
  return which === 'some' ? includes : negate(includes);
}

function between(
  node: Extract<Expression, { kind: 'between' }>,
  scope: JsScope,
  negated: boolean,
): Code | null {
  if (node.symmetric) return null;
  const low: Operator = { kind: 'operator', operator: '>=', left: node.operand, right: node.low, type: 16 };
  const high: Operator = { kind: 'operator', operator: '<=', left: node.operand, right: node.high, type: 16 };
  const both: Expression = { kind: 'and', operands: [low, high], type: 16 };
  return node.negated === negated ? isTrue(both, scope) : isFalse(both, scope);
}

function all(
  operator: '&&' | '||',
  operands: readonly Expression[],
  test: (operand: Expression) => Code | null,
): Code | null {
  const tests = operands.map(test);
  const found = tests.flatMap((code) => code ?? []);
  if (found.length < tests.length) return null;
  if (operator === '&&') {
    const known = withoutConstants(found, 'true');
    return allOf((known.length === 0 ? found : known).flatMap((code) => parts(code, '&&')));
  }
  const [first, ...rest] = withoutConstants(found, 'false');
  if (first === undefined) return found[0] ?? null;
  return rest.reduce((left, right) => binary(left, '||', unlessRefuted(right, parts(left, '||'))), first);
}

/** Operands that say something: false adds nothing to `||`, and true nothing to `&&`. */
function withoutConstants(operands: readonly Code[], neutral: 'true' | 'false'): readonly Code[] {
  return operands.filter((one) => one.kind !== 'keyword' || one.value !== neutral);
}

/** Operands of a chain of one operator. */
function parts(code: Code, operator: '&&' | '||'): readonly Code[] {
  return code.kind === 'binary' && code.operator === operator
    ? [...parts(code.left, operator), ...parts(code.right, operator)]
    : [code];
}

/** What stands behind `a === null ||` needs no `a !== null &&`. */
function unlessRefuted(code: Code, earlier: readonly Code[]): Code {
  const known = new Set(earlier.map((one) => JSON.stringify(negate(one))));
  return allOf(parts(code, '&&').filter((one) => !known.has(JSON.stringify(one)))) ?? code;
}
