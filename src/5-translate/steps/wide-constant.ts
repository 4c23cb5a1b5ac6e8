/** Constants of the numbers that drivers give as text: `'0'` for 0 of type numeric, `'-12.50'`. */
import type { Expression } from '../../3-parse/expression.js';
import type { JsValue } from '../javascript/js-value.js';

const int8 = 20;
const numeric = 1700;

/** In the spelling that PostgreSQL gives them; null: it is no such constant, or has another spelling. */
export function wideConstant(node: Expression, type: number): JsValue | null {
  if (type !== int8 && type !== numeric) return null;
  const text = textOf(node, type);
  return text === null
    ? null
    : { code: { kind: 'string', value: text }, type: type === int8 ? 'int8' : 'other', nullable: false };
}

function textOf(node: Expression, type: number): string | null {
  if (node.kind === 'cast')
    return node.type === type && !node.typeName.includes('(') ? textOf(node.operand, type) : null;
  if (node.kind === 'operator') {
    const text = node.operator === '-' && node.left === null ? textOf(node.right, type) : null;
    return text === null || !/[1-9]/.test(text) ? null : `-${text}`;
  }
  const number = node.kind === 'literal' && (node.literal === 'integer' || node.literal === 'numeric');
  if (!number) return null;
  const spelling = type === int8 ? /^(?:0|[1-9]\d{0,17})$/ : /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
  return spelling.test(node.text) ? node.text : null;
}
