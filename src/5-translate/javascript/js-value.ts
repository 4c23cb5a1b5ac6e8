/**
 * What JavaScript computes exactly as PostgreSQL does: booleans, NULL tests, equality and concatenation of
 * text, and int4 arithmetic with PostgreSQL's errors. Anything else is left to PostgreSQL.
 */
import type { ParameterReference, VariableReference } from '../../3-parse/expression.js';
import type { Code } from '../code.js';

/** int8 is its text, which is only compared with an int4; of `other` only NULL is told. */
export type JsType = 'int4' | 'boolean' | 'text' | 'int8' | 'other';

export interface JsValue {
  readonly code: Code;
  readonly type: JsType;
  /** NULL is JavaScript's null. */
  readonly nullable: boolean;
  /** How a value that may be NULL reads where it is known, for values that are no plain name. */
  readonly known?: KnownForm;
}

export interface KnownForm {
  /** The value, where every test holds; it is NULL where one does not. */
  readonly code: Code;
  readonly tests: readonly Code[];
  /** A form that may be undefined instead of null, which equality and `??` take as well: `row?.note`. */
  readonly loose: Code | null;
}

/** Where names get their values; null: not known to JavaScript. */
export interface JsScope {
  parameter(node: ParameterReference): JsValue | null;
  variable(node: VariableReference): JsValue | null;
}

/** JavaScript's kind of a type OID, or null when it has none. Enums compare by order and stay with PostgreSQL. */
export function jsTypeOf(oid: number | null): JsType | null {
  switch (oid) {
    case 16:
      return 'boolean';
    case 23:
      return 'int4';
    case 25:
    case 1043:
      return 'text';
    default:
      return null;
  }
}

/** May the code stand twice: no call, no operator. */
export function isRepeatable(code: Code): boolean {
  switch (code.kind) {
    case 'argument':
    case 'local':
    case 'string':
    case 'number':
    case 'keyword':
      return true;
    case 'member':
      return isRepeatable(code.object);
    case 'non-null':
      return isRepeatable(code.value);
    default:
      return false;
  }
}

export const nullCode: Code = { kind: 'keyword', value: 'null' };

export function binary(left: Code, operator: string, right: Code): Code {
  return { kind: 'binary', operator, left, right };
}

export function isNull(value: JsValue): Code {
  const loose = value.known?.loose ?? null;
  return loose === null ? binary(value.code, '===', nullCode) : binary(loose, '==', nullCode);
}

export function isNotNull(value: JsValue): Code {
  const loose = value.known?.loose ?? null;
  return loose === null ? binary(value.code, '!==', nullCode) : binary(loose, '!=', nullCode);
}

/** The value with the tests under which it is not NULL; null where it cannot stand twice. */
export function knownForm(value: JsValue): KnownForm | null {
  if (!value.nullable) return { code: value.code, tests: [], loose: null };
  if (value.known !== undefined) return value.known;
  return isRepeatable(value.code)
    ? { code: value.code, tests: [binary(value.code, '!==', nullCode)], loose: null }
    : null;
}

/** `a && b`, the same test only once; null for no test. */
export function allOf(tests: readonly Code[]): Code | null {
  const distinct = new Map(tests.map((test) => [JSON.stringify(test), test]));
  const [first, ...rest] = distinct.values();
  return first === undefined ? null : rest.reduce((left, right) => binary(left, '&&', right), first);
}

/** What a strict operator makes of its operands: NULL where one of them is. */
export function strictValue(
  operands: readonly JsValue[],
  type: JsType,
  of: (codes: readonly Code[]) => Code,
): JsValue | null {
  const forms = operands.map(knownForm);
  const known = forms.flatMap((form) => form ?? []);
  if (known.length < operands.length) return null;
  const code = of(known.map((form) => form.code));
  const tests = known.flatMap((form) => form.tests);
  const test = allOf(tests);
  if (test === null) return { code, type, nullable: false };
  return {
    code: { kind: 'conditional', test, then: code, otherwise: nullCode },
    type,
    nullable: true,
    known: { code, tests, loose: null },
  };
}

const opposite: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** The opposite of a test that is no null: `a === b` to `a !== b`. */
export function negate(code: Code): Code {
  if (code.kind === 'keyword') return { kind: 'keyword', value: code.value === 'true' ? 'false' : 'true' };
  if (code.kind === 'not') return code.value;
  const flipped = code.kind === 'binary' ? opposite[code.operator] : undefined;
  return code.kind === 'binary' && flipped !== undefined
    ? { ...code, operator: flipped }
    : { kind: 'not', value: code };
}
