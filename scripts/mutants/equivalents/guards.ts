/** Checks of integers, characters and subscripts that cannot fail where they stand. */
import type { Equivalent } from './equivalent.js';

const operators = ['drop a guard'];
const checkedAgain =
  'fails there, too, with the same 22003 (manual, 8.1.1), and nothing is written in between';
const stack = 'recursion ends at max_stack_depth (54001; at most 2^31 - 1 kB), which so many calls exceed';
const commands =
  'every turn sends two commands that write, and a transaction has 2^32 - 2 at most (54000, CommandCounterIncrement of xact.c), so that no integer is left behind';
const transactionIds =
  'every turn that counts has taken a transaction ID for its block, and PostgreSQL stops before it has given 2^31 of them (manual, 24.1.5)';
const elements = 'an array has 134,217,727 elements at most (MaxArraySize of array.h), and those are counted';

export const guards: readonly Equivalent[] = [
  {
    operators,
    ids: ['for-query/outer-variables'],
    was: /^int4Result\(left - part\)$/,
    why: 'part is above 0 and LEAST (manual, 9.18.4) keeps it from being above left, so that left - part is within integer',
  },
  {
    operators,
    ids: ['handler-keeps-assignments/steps'],
    was: /^int4Result\(step \+ 1\)$/,
    why: 'step is 2 there, so that the sum is within integer (manual, 8.1.1)',
  },
  {
    operators,
    ids: ['pure/fee-in-cents'],
    was: /^int4\(args\.a\d\)$/,
    why: 'the same argument is checked beside it, with the same 22003 and 22P02 (manual, 8.1.1)',
  },
  {
    operators,
    ids: ['pure/fee-in-cents'],
    was: /^int4Result\(int4Result\(int4\(args\.a1\) \* 2\) - moduloInt4\(/,
    why: 'a remainder has the sign of the dividend and is not farther from 0 (manual, 9.3), so that it is between the dividend and its double',
  },
  {
    operators,
    ids: ['calls-routine/assign-module'],
    was: /^int4Result\([12] \+ seen\)$/,
    why: 'seen is 0 or 1, so that the sum is within integer (manual, 8.1.1)',
  },
  {
    operators,
    ids: ['calls-routine/elsif'],
    was: /^int4Result\(points - 1\)$/,
    why: 'points is not negative there, so that points - 1 is within integer (manual, 8.1.1)',
  },
  {
    operators,
    ids: ['recursion/turned', 'recursion/factorial'],
    was: /^int4Result\((left|n) - 1\)$/,
    holds: /if \((left <= 0|n <= 1)\) return/,
    why: 'it is above 0 there, so that 1 less is within integer (manual, 8.1.1)',
  },
  {
    operators,
    ids: ['recursion/rows'],
    was: /^int4(Result)?\(depth( \+ 1)?\)$/,
    // The site leaves the depth to its default.
    holds: /routine\(tx, \{ id: args\.a1 \}\)/,
    why: `the depth begins at 0 and grows by 1 a call; ${stack}`,
  },
  {
    operators,
    ids: ['for-query/after'],
    was: /^int4Result\(count \+ 1\)$/,
    holds: /if \(count === 2\) break;/,
    why: 'EXIT leaves the loop at 2 (manual, 41.6.5.2)',
  },
  {
    operators,
    ids: ['for-query/block'],
    was: /^int4Result\(bonus \+ 1\)$/,
    why: 'the variable of the block begins at 1 in every turn (manual, 41.2)',
  },
  {
    operators,
    ids: ['foreach/constants'],
    was: /^int4Result\(kinds \+ 1\)$/,
    holds: /of \['a', 'b', 'c'\]\)/,
    why: 'the list has three elements, and FOREACH takes each once (manual, 41.6.7)',
  },
  {
    operators,
    ids: ['loop/labels'],
    was: /^int4Result\((tried \+ 1|a [+*] b)\)$/,
    holds: /for \(let a = 1; a <= 5; a \+= 1\) \{\s*for \(let b = 1; b <= 5; b \+= 1\)/,
    why: 'both loops take 1 to 5 (manual, 41.6.5.5), so that nothing there is above 25',
  },
  {
    operators,
    ids: ['while/found'],
    was: /^int4Result\(rounds \+ 1\)$/,
    holds: /\$\{_entries\.quantity\} \/ 10/,
    why: 'division of integers cuts off a digit (manual, 9.3), and after ten rounds none is left',
  },
  {
    operators,
    ids: ['while/query'],
    was: /^int4Result\(removed \+ 1\)$/,
    holds: /if \(removed >= most\) break;/,
    why: 'the loop ends where the counter has come to an argument of type integer (manual, 8.1.1)',
  },
  {
    operators,
    ids: [
      'for-query/locking',
      'for-query/snapshot',
      'for-query/record',
      'for-query/locking-writes',
      'collections src/services/promises.ts',
    ],
    was: /^int4Result\((closed|copied|raised|broken) \+ 1\)$/,
    holds: /of \w+Rows\) \{(\s*await tx\.(insert|update|delete)\(.*){2,}\n/,
    why: commands,
  },
  {
    operators,
    ids: ['handler-in-loop/skipped'],
    was: /^int4Result\(taken \+ 1\)$/,
    holds: /if \(!failedWith\(error, '23505'\)\) throw error;\s*taken = taken \+ 1;/,
    why: transactionIds,
  },
  {
    operators,
    ids: ['return-next/array-of-loop'],
    was: /^int4Result\(total \+ 1\)$/,
    holds: /array_append\([^]*total = /,
    why: elements,
  },
  {
    operators,
    ids: ['row-star/select'],
    was: /^int4Result\(moved \+ 1\)$/,
    holds: /entryId \+ 100/,
    why: 'the keys and 100 more than each are different integers, and integer has 2^32 values, which no such pairs fill (manual, 5.5.4)',
  },
  {
    operators,
    ids: ['scopes/shadowed'],
    was: /^int4Result\(level \+ 1\)$/,
    holds: /level = int4Result\(level2 \+ credit\)/,
    why: `where the sum is beyond integer, so is the next one, which ${checkedAgain}`,
  },
  {
    operators,
    ids: ['narrowing/null-guard', 'locked-row/record-by-own-key'],
    was: /^int4Result\(account\.credit [+-] points\)$/,
    holds: /credit: _sql`\$\{account\.credit\} [+-] \$\{points\}::integer`/,
    why: 'the UPDATE of the locked row before it makes the same sum and fails with the same 22003 (manual, 8.1.1)',
  },
  {
    operators,
    ids: ['narrowing/nullable-arithmetic'],
    was: /^int4Result\(account\.credit \+ bonus\)$/,
    why: 'a sum beyond integer with the credit once is beyond it with the credit twice, or the credit alone is, both of which the condition before it finds (manual, 8.1.1)',
  },
  {
    operators,
    ids: ['let-variable/level'],
    was: /^int4Result\(credit \+ bonus\)$/,
    statement: /^if \(credit !== null && int4Result\(credit \+ bonus\) > 5\)/,
    why: 'the condition before it made the same sum (manual, 41.6.4.3)',
  },
  {
    operators,
    ids: ['assign-element/dimensions'],
    was: /^subscript\(row\)$/,
    statement: /^list = withElement\(list, subscript\(row\)/,
    why: 'the assignment before it has checked the same subscript (manual, 41.5.1)',
  },
  {
    operators,
    ids: ['assign-element/list'],
    was: /^subscript\(await evaluate\(tx, _sql<number \| null>`array_length/,
    why: 'array_length is NULL for an empty array alone (manual, 9.19), and this one has two elements at least',
  },
  {
    operators,
    ids: ['assign-character/code'],
    was: /^character\(code3\?\.before \?\? null, 6\)$/,
    why: 'character(4) fits into character(6), and the blanks that pad it count neither in comparisons nor as text (manual, 8.3)',
  },
  {
    operators: ['another number'],
    ids: ['assign-character/code'],
    was: /^6$/,
    statement: /^const before = character\(/,
    why: 'the blanks that pad a character value count neither in comparisons nor as text (manual, 8.3)',
  },
  {
    operators,
    ids: ['assign-character/stored'],
    was: /^character\(await evaluate\(tx, _sql<string \| null>`left\(/,
    why: 'left gives one character at most, and where it gives none the value is not returned, for blanks that pad it do not count in comparisons (manual, 8.3)',
  },
  {
    operators: [...operators, 'skip a statement'],
    ids: ['calls-routine/inline-expression'],
    was: /^(await )?evaluate\(tx, _sql`\$\{amount\}::numeric`\);?$/,
    why: 'the site passes a number, and every double is a numeric, Infinity and NaN as well (manual, 8.1.2, since 14)',
  },
  {
    operators: [...operators, 'skip a statement'],
    ids: ['column-of-row/named-by-operands'],
    was: /^(await )?evaluate\(tx, _sql`\$\{amount\}::numeric`\);?$/,
    holds: /balanceBelowAmount: _sql<boolean \| null>`[^`]*\$\{amount\}::numeric/,
    why: 'the next statement has the same argument as a parameter of type numeric, which is read before the statement runs (manual, 55.2.3)',
  },
  {
    operators,
    was: /^int4\(/,
    is: /^[\w.]+$/,
    // Where JavaScript computes with it, the check is not made elsewhere.
    notComputedWith: true,
    why: 'the argument reaches an integer parameter, whose input function makes the same check with the same 22003 and 22P02 (manual, 8.1.1)',
  },
];
