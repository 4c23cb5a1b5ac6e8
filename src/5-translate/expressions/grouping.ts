/** ROLLUP (…), CUBE (…), GROUPING SETS (…), the empty set () and GROUPING(…). */
import type { Grouping } from '../../3-parse/expression.js';
import { bind, fragment, joined, type Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { expression } from './expression.js';

export function grouping({ form, items }: Grouping, scope: Scope): Fragment {
  const inner = items.map((item) => {
    // A number would be an output column's in GROUP BY, and a parameter equals no other one.
    if (item.kind === 'literal' || item.kind === 'parameter') return unsupported('a value in a grouping set');
    return expression(item, scope);
  });
  const word = form === '' || form === 'grouping' ? form : `${form} `;
  return fragment(bind.atom, `${word}(`, joined(bind.atom, ', ', inner), ')');
}
