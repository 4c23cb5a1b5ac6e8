/** Constants and the value functions that are written without parentheses. */
import type { A_Const, SQLValueFunction } from '../sql/parse-body.js';
import type { Expression } from './expression.js';

/**
 * Types are those of PostgreSQL's make_const: int4, else int8, else numeric. A plain string has none:
 * it takes its type from where it stands.
 */
export function buildConstant(constant: A_Const): Expression {
  if (constant.isnull) return { kind: 'null', type: null };
  if (constant.ival)
    return { kind: 'literal', literal: 'integer', text: String(constant.ival.ival ?? 0), type: 23 };
  if (constant.boolval) {
    return { kind: 'literal', literal: 'boolean', text: String(constant.boolval.boolval ?? false), type: 16 };
  }
  if (constant.bsval)
    return { kind: 'literal', literal: 'bit', text: constant.bsval.bsval ?? '', type: 1560 };
  if (constant.fval) {
    const text = constant.fval.fval ?? '0';
    return fitsInt8(text)
      ? { kind: 'literal', literal: 'integer', text, type: 20 }
      : { kind: 'literal', literal: 'numeric', text, type: 1700 };
  }
  return { kind: 'literal', literal: 'string', text: constant.sval?.sval ?? '', type: null };
}

const VALUE_FUNCTION_TYPES: Readonly<Record<string, number>> = {
  current_date: 1082,
  current_time: 1266,
  current_timestamp: 1184,
  localtime: 1083,
  localtimestamp: 1114,
  current_role: 19,
  current_user: 19,
  user: 19,
  session_user: 19,
  current_catalog: 19,
  current_schema: 19,
};

/** CURRENT_TIMESTAMP(3), CURRENT_USER … */
export function buildValueFunction(node: SQLValueFunction): Expression {
  const name = (node.op ?? '')
    .replace(/^SVFOP_/, '')
    .replace(/_N$/, '')
    .toLowerCase();
  const precision = /_N$/.test(node.op ?? '') ? (node.typmod ?? 0) : null;
  return { kind: 'value-function', name, precision, type: VALUE_FUNCTION_TYPES[name] ?? null };
}

function fitsInt8(text: string): boolean {
  if (!/^-?[0-9][0-9_]*$|^-?0[xob][0-9a-f_]+$/i.test(text)) return false;
  const magnitude = BigInt(text.replaceAll('_', '').replace('-', ''));
  return (
    (text.startsWith('-') ? -magnitude : magnitude) <= 9223372036854775807n &&
    magnitude <= 9223372036854775808n
  );
}
