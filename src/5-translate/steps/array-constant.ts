/** The text of a constant array, where it is what PostgreSQL writes for it. */
import type { Catalog } from '../../1-read/catalog.js';
import type { Expression } from '../../3-parse/expression.js';

/** `'{}'`, `'{1,2}'`, `ARRAY[1, 2]`, `ARRAY['a']` and casts of them to the array type `to`; null for any other. */
export function arrayConstant(node: Expression, to: number, catalog: Catalog): string | null {
  const type = catalog.types.get(to);
  if (type?.kind !== 'base' || type.category !== 'A' || type.name[0] !== '_') return null;
  if (node.kind === 'cast') return node.type === to ? arrayConstant(node.operand, to, catalog) : null;
  const item = canonical(type.element);
  if (node.kind === 'literal') {
    if (node.literal !== 'string' || !/^\{.*\}$/.test(node.text)) return null;
    return items(node.text.slice(1, -1).split(','), item, node.text === '{}');
  }
  if (node.kind !== 'array') return null;
  const texts = node.items.map((each) => (each.kind === 'literal' ? each.text : ''));
  return items(texts, item, node.items.length === 0);
}

function items(texts: readonly string[], item: RegExp | null, empty: boolean): string | null {
  if (empty) return '{}';
  return item !== null && texts.every((text) => item.test(text)) ? `{${texts.join(',')}}` : null;
}

/** Elements whose text is read and written as it stands, without quotes. */
function canonical(element: number): RegExp | null {
  switch (element) {
    case 23:
      return /^(?:0|-?[1-9]\d{0,8})$/;
    case 25:
    case 1043:
      return /^(?!null$)[a-z_][a-z0-9_-]*$/i;
    default:
      return null;
  }
}
