/** Can computing some row of a query raise an error? Conservative: what is not known to be safe can. */
import type { Catalog } from '../../1-read/catalog.js';
import type { Select, Statement } from '../../3-parse/statement.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import { walk } from '../../4-classify/walk-body.js';

const safeCalls: ReadonlySet<string> = new Set(
  (
    'now coalesce lower upper btrim ltrim rtrim concat transaction_timestamp statement_timestamp count min max ' +
    'generate_series unnest row_number rank dense_rank bool_and bool_or array_agg length char_length jsonb_array_elements_text ' +
    'gen_random_uuid uuid_generate_v4 date_trunc left right array_length cardinality json_agg jsonb_agg abs'
  ).split(' '),
);

const safeOperators = /^(=|<>|!=|<|<=|>|>=|\|\||->|->>|#>|#>>|@>|<@|\?|&&|~~|!~~|~~\*|!~~\*)$/;
const integers: readonly (number | null)[] = [20, 21, 23];

export function mayFail(statement: Statement, catalog: Catalog): boolean {
  let found = false;
  walk(statement, null, ({ node }) => {
    switch (node.kind) {
      case 'call':
        if (typeof node['routine'] === 'number' || !safeCalls.has(String(node['name']))) found = true;
        return;
      case 'operator': {
        const computed = ['+', '-', '*'].includes(String(node['operator']));
        const wide = computed && !integers.includes(node['type'] as number | null) && node['type'] !== null;
        if (!safeOperators.test(String(node['operator'])) && !wide) found = true;
        return;
      }
      case 'cast': {
        const operand = node['operand'] as { readonly kind: string; readonly type?: number | null };
        const constant = operand.kind === 'literal' || operand.kind === 'null';
        const widened =
          node['type'] === 25 || (node['type'] === 1700 && integers.includes(operand.type ?? null));
        if (!constant && !widened && node['type'] !== operand.type) found = true;
        return;
      }
      case 'scalar-subquery':
        if (!atMostOne(node['select'] as Select, catalog)) found = true;
        return;
      default:
        if (node.kind.startsWith('unsupported')) found = true;
    }
  });
  return found;
}
