/** Casts to another type that give the same for every value that can come there. */
import type { Equivalent } from './equivalent.js';

const whole = 'a whole number is the same value and the same text as integer and as numeric (manual, 8.1.2)';
const stored =
  'an integer column takes a numeric as the integer that it is and refuses a larger one with the same 22003, and a numeric column makes a numeric of an integer (manual, 10.4)';
const beside =
  'the same argument is a parameter of type integer in the same statement, whose input function checks it (manual, 8.1.1), and as a number it is the same';

const wrongCast = ['wrong cast'];

export const casts: readonly Equivalent[] = [
  {
    operators: wrongCast,
    ids: [
      'for-query/outer-variables',
      'handler-keeps-assignments/steps',
      'update-expression/increment',
      // Loop variables, checked arguments and columns of type integer, whose text or value alone is taken.
      'handler-in-loop/skipped',
      'handler-in-loop/first-free',
      'row-variable/handed-on',
      'locked-row/another-row',
      'parameter-assigned/default-points',
      'for-range/assigned',
      'expressions/documents',
      'foreach/argument',
    ],
    was: /^::integer$/,
    why: whole,
  },
  {
    operators: wrongCast,
    ids: ['return-row-expression/parameters'],
    was: /^::(integer|bigint)$/,
    why: whole,
  },
  { operators: wrongCast, ids: ['storefront src/services/stock.ts'], was: /^::bigint$/, why: whole },
  {
    operators: wrongCast,
    ids: ['notify/channel'],
    was: /^::integer$/,
    statement: /'orders_of_' \|\| \$\{order2\.customer\}::integer, \$\{order\}::integer::text/,
    why: whole,
  },
  {
    operators: wrongCast,
    ids: ['collections src/services/agreements.ts', 'collections src/services/payments.ts'],
    was: /^::integer$/,
    statement: /\|\| \$\{agreementId\}::integer \|\|/,
    holds: /int4\(agreementId\);/,
    why: whole,
  },
  {
    operators: wrongCast,
    ids: ['collections src/services/jobs.ts'],
    was: /^::bigint$/,
    statement: /\$\{jobId\}::bigint::text/,
    holds: /_eq\(_jobs\.id, _sql`\$\{jobId\}`\)[^]*\.for\('update'\);\nif \(!job\)/,
    why: `the key was compared with it before, as a parameter of type bigint, and ${whole}`,
  },
  {
    operators: wrongCast,
    ids: ['assert/conditions'],
    was: /^::integer$/,
    holds: /\$\{points\}::numeric/,
    why: whole,
  },
  {
    operators: wrongCast,
    ids: ['assign-integer/rounded'],
    was: /^::integer$/,
    holds: /\$\{parsed\}::numeric/,
    why: whole,
  },
  {
    operators: wrongCast,
    ids: ['expressions/conditions'],
    was: /^::bigint$/,
    holds: /\$\{entry\.count\}::numeric::text/,
    why: whole,
  },
  {
    operators: wrongCast,
    ids: ['expressions/numbers'],
    was: /^::(integer|bigint)$/,
    holds:
      /\$\{(sum|ratio|top|big)\}::numeric|\$\{rate\}::numeric \* \$\{a\}::numeric|\$\{a\}::numeric::bigint|% \$\{b\}::numeric/,
    why: whole,
  },
  {
    operators: wrongCast,
    ids: ['expressions/numbers'],
    was: /^::bigint$/,
    holds: /\$\{a\}::integer::numeric \* 1000000/,
    why: `an integer times a million is within bigint (manual, 8.1.1), and ${whole}`,
  },
  {
    operators: wrongCast,
    ids: ['recursion/factorial', 'column-of-row/may-fail'],
    was: /^::integer$/,
    statement: /\$\{n\}::integer \* \$\{\w+\}::numeric|::numeric \/ \$\{parts\}::integer/,
    why: 'beside a numeric an integer becomes numeric anyway (manual, 10.2)',
  },
  {
    operators: wrongCast,
    ids: ['narrowing/null-guard', 'locked-row/record-by-own-key'],
    was: /^::integer$/,
    statement: /credit: _sql`\$\{account\.credit\} [+-] \$\{points\}::integer`/,
    holds: /int4\(points\);/,
    why: stored,
  },
  {
    operators: wrongCast,
    ids: ['for-query/record', 'row-star/select', 'insert-several-rows/two-entries'],
    was: /^::integer$/,
    why: stored,
  },
  {
    operators: wrongCast,
    ids: ['row-variable/initial'],
    was: /^::integer$/,
    holds: /\(\$\{spanLow\}::numeric|\$\{spanHigh\}::numeric\)::/,
    why: 'the fields of a composite value are integers again (manual, 8.16)',
  },
  {
    operators: wrongCast,
    ids: ['row-variable/compared'],
    was: /^::integer$/,
    statement: /::public\.accounts\b/,
    why: 'the fields of a composite value are integers again (manual, 8.16)',
  },
  {
    operators: wrongCast,
    ids: ['assign-element/loop', 'assign-element/dimensions', 'foreach/slices'],
    was: /^::integer$/,
    statement: /note: _sql`\$\{totals\}|\b(board|list|pairs?|seen)\b/,
    why: `the elements are integers, set from integers (manual, 8.15), and ${whole}`,
  },
  {
    operators: wrongCast,
    ids: ['assign-element/field'],
    was: /^::integer$/,
    statement: /\$\{listSizes\}::integer\[\](` \}|::text)/,
    why: `the elements were integers before (manual, 8.15), and ${whole}`,
  },
  {
    operators: wrongCast,
    ids: ['null-tests/coalesced-filter'],
    was: /^::integer$/,
    holds: /::numeric is null/,
    why: 'a cast of NULL is NULL in every type, and of any other value it is not (manual, 4.2.9)',
  },
  {
    operators: wrongCast,
    ids: ['rpc-arguments/spread', 'rpc-arguments/undefined-default'],
    was: /^::integer$/,
    holds: /::numeric is null, _lte\(_orders\.id, /,
    why: beside,
  },
  {
    operators: wrongCast,
    ids: ['strict-routine/total'],
    was: /^::integer$/,
    statement: /coalesce\(\$\{args\.a1\}, 0\)[^]*\$\{args\.a1\}::integer is not null/,
    why: beside,
  },
  {
    operators: wrongCast,
    ids: ['offset/expression'],
    was: /^::integer$/,
    statement: /limit \$\{args\.a2\}::integer\s+offset \(\$\{args\.a1\} - 1\) \* \$\{args\.a2\}/,
    why: beside,
  },
  {
    operators: wrongCast,
    ids: ['casts/many'],
    was: /^::integer$/,
    holds: /_raws\.payload\}::integer`[^]*\(\$\{_raws\.payload\} \|\| ''\)::numeric > 1/,
    why: `the same text was cast to integer in the column before, and ${whole}`,
  },
  {
    operators: wrongCast,
    ids: ['snapshot/several-reads'],
    was: /^::integer$/,
    why: 'a count has digits alone as text (manual, 8.1.2), which JavaScript compares with a number as a number',
  },
  {
    operators: wrongCast,
    ids: ['expressions/time'],
    was: /^::date$/,
    holds: /date_trunc\('month', \$\{from\}::timestamp\)::timestamp/,
    why: 'date_trunc of a month is midnight (manual, 9.9.2), of which the next cast takes the date',
  },
  {
    operators: wrongCast,
    ids: ['assign-timestamp/precision'],
    was: /^::date$/,
    is: /^::timestamp$/,
    holds: /note: _sql`\$\{day\}::date`/,
    why: 'of the text of a timestamp the input function of date takes the day (manual, 8.5.1), as the cast does',
  },
  {
    operators: wrongCast,
    ids: ['argument-cast/date-minus'],
    was: /^::date$/,
    is: /^::timestamp$/,
    why: 'a date meets a timestamp as its midnight (manual, 9.9), and a date is on or before a moment where it is on or before the day of it',
  },
];
