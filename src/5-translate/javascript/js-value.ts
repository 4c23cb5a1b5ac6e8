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
  return binary(value.code, '===', nullCode);
}
