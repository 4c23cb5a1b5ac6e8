/** Where a double takes the place of a numeric and nobody can tell. */
import type { Equivalent } from './equivalent.js';

const asNumber = ['numeric as a number'];
const digits =
  'a double keeps 15 digits (manual, 8.1.3), numeric(12, 2) has 12 at most, and the column rounds to two places again';

export const doubles: readonly Equivalent[] = [
  {
    operators: asNumber,
    ids: ['calls-routine/insert-value', 'row-star/select', 'for-query/snapshot', 'row-variable/compared'],
    why: digits,
  },
  {
    operators: asNumber,
    ids: ['return-row-expression/pair'],
    statement: /jsonb_build_object\('amount', \$\{entry\.amount\}::numeric\)/,
    why: 'a double keeps 15 digits (manual, 8.1.3), numeric(12, 2) has 12 at most, and the JSON is read with numbers, of which 10.50 is 10.5',
  },
  {
    operators: asNumber,
    ids: [
      'placement-inline/one-value',
      'placement-auto/two-calls',
      'placement-auto/one-short-call',
      'placement-auto/own-transaction',
      'placement-inline/names-in-use',
      'calls-routine/stays-in-update',
    ],
    holds: /::float8 <= 0/,
    why: 'the site passes a double, and its text as numeric has the same sign (manual, 8.1.3)',
  },
  {
    operators: asNumber,
    ids: ['evaluate-numeric/discount'],
    statement: /\$\{price\}::numeric = 0/,
    why: 'numeric(12, 2) is 0 where it is 0 as a double (manual, 8.1.3)',
  },
  {
    operators: asNumber,
    ids: ['calls-routine/inline-expression'],
    statement: /^await evaluate\(tx, _sql`\$\{amount\}::numeric`\);$|> \$\{limit\}::numeric/,
    why: 'the site passes a double in its shortest text, numeric(12, 2) has 12 digits at most, and such decimals are in the same order as doubles (manual, 8.1.3)',
  },
  {
    operators: asNumber,
    ids: ['column-of-row/may-fail'],
    statement: /\$\{account\.balance\}::numeric \/ \$\{parts\}::integer > 5/,
    why: 'a quotient of 12 digits and an integer is 5 or differs from it by more than 1e-12, which a double shows (manual, 8.1.3)',
  },
];
