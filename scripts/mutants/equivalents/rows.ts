/** Limits, orders, joins and aggregates that give the same rows. */
import type { Equivalent } from './equivalent.js';

const existence = 'whether there is a row does not depend on how many are sent (manual, 9.24.1)';
const first = 'LIMIT gives the first rows of the same query (manual, 7.6), and only the first is read';
const single =
  'the request gives one row, which has no order, or is refused before one is looked at (manual, 7.5)';
const foreignKey =
  'a NOT NULL column with a foreign key has its partner, so that no row of the left is alone (manual, 5.5.5)';
const oneRow = 'the keys leave one row at most (manual, 5.5.4), which has no order';

const limits = ['drop LIMIT', 'another LIMIT'].flatMap((operator): Equivalent[] => {
  const was = operator === 'drop LIMIT' ? /./ : /^1$/;
  const operators = [operator];
  return [
    { operators, was, statement: /^const \[\w+\] = await (?![^]*\.for\()[^]*\.limit\(1\)/, why: first },
    {
      operators,
      was,
      statement: /^const result = await (?![^]*\.for\()[^]*\.limit\(1\)/,
      holds: /\[result\[0\] \?\? /,
      why: first,
    },
    {
      operators,
      was: operator === 'drop LIMIT' ? /\bone: _sql(<number>)?`1`/ : was,
      statement: /\bone: _sql(<number>)?`1`/,
      why: existence,
    },
    {
      operators,
      was: operator === 'drop LIMIT' ? /./ : /^2$/,
      statement: /^const \[\w+, another\w*\] = await (?![^]*\.for\()[^]*\.limit\(2\)/,
      why: 'STRICT asks whether there is a second row (manual, 41.5.3), and of a third nothing is read',
    },
  ];
});

export const rows: readonly Equivalent[] = [
  ...limits,
  {
    ids: ['loop/exit-when'],
    operators: ['drop ORDER BY', 'the other direction'],
    why: 'the loop ends when no row is left, whichever comes first (manual, 7.5)',
  },
  {
    ids: ['rpc-single/', 'rpc-query/single'],
    operators: ['drop ORDER BY', 'the other direction'],
    why: single,
  },
  {
    ids: ['for-query/nested'],
    operators: ['drop a WHERE term', 'the column instead of the variable'],
    statement: /^await tx\.update\(_accounts\)\.set\(\{ note: kind \}\)/,
    why: 'the loop takes every row (manual, 41.6.6), and each is set to the same value, however often',
  },
  {
    ids: ['truncate/cascade'],
    operators: ['drop a WHERE term', 'the column instead of the variable'],
    statement: /where\(_eq\(_orders\.id, 1\)\)/,
    why: 'TRUNCATE leaves no row and RESTART IDENTITY begins at 1 (manual, TRUNCATE), so that the row that is inserted is the only one',
  },
  {
    ids: ['recursive-cte/descendants'],
    operators: ['another set operation'],
    was: /^union all$/,
    why: 'a row holds the key and the depth, and has one parent, so that no row comes twice (manual, 7.8.2.1)',
  },
  {
    ids: ['recursion/tree'],
    operators: ['drop ORDER BY', 'the other direction'],
    why: 'a node has one parent (manual, 5.5.5) and is closed once, so that their number does not hang on the order of the children',
  },
  {
    ids: ['joins/quoted-names'],
    operators: ['drop ORDER BY', 'the other direction', 'row for rows'],
    why: oneRow,
  },
  {
    ids: ['self-join/manager'],
    operators: ['row for rows'],
    why: 'one row has the key that is asked for, and one at most the key that it refers to (manual, 5.5.4)',
  },
  {
    ids: ['return-next/array-of-loop'],
    operators: ['row for rows'],
    why: 'RETURN NEXT stands once and behind the loop (manual, 41.6.1.2), so that there is one row',
  },
  {
    ids: ['offset/expression'],
    operators: ['one value for another'],
    was: /^_entries\.id$/,
    is: /^_entries$/,
    why: 'rows are compared by their first column first (manual, 9.25.6), which is the key',
  },
  {
    operators: ['another join'],
    was: /^innerJoin$/,
    within: whereRefusesNull,
    why: 'a row without a partner has NULL in its place (manual, 7.2.1.1), which the WHERE does not take (manual, 9.2)',
  },
  {
    ids: [
      'storefront src/services/carts.ts',
      'for-query/locking-writes',
      'storefront src/services/orders.ts',
      'collections src/services/calls.ts',
      'collections src/services/promises.ts',
      'joins/inner',
    ],
    operators: ['another join'],
    was: /^innerJoin$/,
    why: foreignKey,
  },
  {
    ids: ['rpc-query/null-tests'],
    operators: ['drop a WHERE term'],
    was: /_isNotNull\(_orders\.placedAt\)/,
    is: /^(?!.*_isNotNull\(_orders\.placedAt\))(?=.*_isNull\()/s,
    why: 'a NOT NULL column is never NULL (manual, 5.5.2)',
  },
  {
    ids: ['window/running-total'],
    operators: ['one value for another'],
    was: /^_moves\.account$/,
    is: /^args\.a1$/,
    why: 'WHERE leaves rows of that account alone, and equal values are one partition (manual, 3.5)',
  },
  {
    operators: ['wrong alias'],
    was: /^\{ (\w+: _\w+\.\w+(, )?)+ \}$/,
    holds: /\.execute(<[^(]*>)?\(db\.select\(/,
    why: 'the keys are those of the raw result, which names an output column without AS after the column itself (manual, 7.3.2), and Drizzle writes no AS for a plain column',
  },
  {
    ids: ['collections src/services/agreements.ts'],
    operators: ['drop COALESCE'],
    holds: /greatest\(sum\(/,
    why: 'GREATEST leaves NULL out (manual, 9.18.4), and the CHECK of the column keeps its sums from being less than 0',
  },
  {
    operators: ['drop COALESCE'],
    holds: /greatest\((?:[^()]|\([^()]*\))*, ''\)/,
    why: "GREATEST leaves NULL out (manual, 9.18.4), and no text sorts before ''",
  },
  {
    operators: ['drop COALESCE'],
    holds: /greatest\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*, '\[\]'(::jsonb)?\)/,
    lacks: /::json\b/,
    why: 'GREATEST leaves NULL out (manual, 9.18.4), and no jsonb sorts before an empty array (manual, 8.14.4)',
  },
  {
    ids: ['argument-default/omitted'],
    operators: ['drop COALESCE'],
    holds: /greatest\(null, /,
    why: 'GREATEST leaves NULL out (manual, 9.18.4), and one value is left',
  },
  {
    ids: ['joins/right-full-cross'],
    operators: ['drop COALESCE'],
    statement: /\.fullJoin\(_doneDays, _eq\(_doneDays\.day, _planDays\.day\)\)/,
    why: 'both days are equal, for the join asks for it, or one is NULL (manual, 7.2.1.1), which GREATEST leaves out (manual, 9.18.4)',
  },
  {
    ids: ['guard-raise/null-passes'],
    operators: ['drop COALESCE'],
    statement: /coalesce\(\$\{credit\}, 0\)/,
    why: 'what is less than 0 was refused before, and GREATEST leaves NULL out (manual, 9.18.4)',
  },
  {
    ids: ['strict-routine/total'],
    operators: ['another number'],
    was: /^0$/,
    statement: /coalesce\(\$\{args\.a1\}, 0\)[^]*\.having\(_sql`\$\{args\.a1\}::integer is not null`\)/,
    why: 'HAVING leaves no row where the argument is NULL (manual, 7.2.3), and COALESCE shows the 0 nowhere else',
  },
];

/** The table of the one inner join is compared with something in a term of the WHERE that must be true. */
function whereRefusesNull(statement: string): boolean {
  const joined = [...statement.matchAll(/\.innerJoin\((_\w+),/g)];
  const [one] = joined;
  if (joined.length !== 1 || one?.[1] === undefined || /\.(left|right|full)Join\(/.test(statement))
    return false;
  const where = statement.slice(statement.indexOf('.where('));
  const terms = /^\.where\(_and\(/.test(where)
    ? topTerms(where.slice('.where(_and('.length))
    : [where.slice(7)];
  const compared = new RegExp(`^(_(eq|gt|gte|lt|lte|ne)\\(${one[1]}\\.\\w+, |${one[1]}\\.\\w+$)`);
  return terms.some((term) => compared.test(term));
}

/** What stands between commas outside of parentheses, up to the parenthesis that closes. */
function topTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth < 0 || (depth === 0 && character === ',')) {
      terms.push(text.slice(from, at).trim());
      from = at + 1;
    }
    if (depth < 0) break;
  }
  return terms;
}
