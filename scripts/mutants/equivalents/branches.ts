/** Handlers and conditions that nothing can take another way. */
import type { Equivalent } from './equivalent.js';

const others =
  'OTHERS takes every error but QUERY_CANCELED and ASSERT_FAILURE (manual, 41.6.8), which nothing in the body raises';
const undone =
  'what a block did is undone before its handler runs, or with the error that leaves the function (manual, 41.6.8), so that nothing of the inner handler is left';
const defaulted =
  'the column takes its default, which is above 1, because the INSERT leaves it out (manual, 5.2)';
const named =
  'nothing else can be raised in the block, which sends no statement or reads columns alone (manual, 41.6.8)';
const limited = 'both loops take 1 to 5 (manual, 41.6.5.5); all sums that differ were tried';

export const branches: readonly Equivalent[] = [
  {
    ids: ['re-raise/after-a-note'],
    operators: [
      'skip a statement',
      'drop a WHERE term',
      'another text',
      'another comparison',
      'the column instead of the variable',
      'another number',
    ],
    statement: /'lost'/,
    why: undone,
  },
  {
    ids: ['re-raise/after-a-note'],
    operators: ['turn a condition round', 'drop a guard', 'another text', 'lose an error'],
    was: /error2|^'others'$/,
    why: undone,
  },
  {
    ids: ['re-raise/after-a-note'],
    operators: ['throw where the error was caught'],
    statement: /^try \{[^]*catch \(error2\)[^]*'lost'[^]*throw error2;\n\}$/,
    why: undone,
  },
  {
    operators: ['lose an error'],
    was: /^throw error;$/,
    holds: /if \(!failedWith\(error, 'others'\)\) ;/,
    lacks: /new RoutineError\('(P0004|57014)'/,
    why: others,
  },
  {
    operators: ['drop a guard'],
    was: /^failedWith\(error, 'others'\)$/,
    lacks: /P0004/,
    why: others,
  },
  {
    ids: ['handler-raises/told', 'stacked-diagnostics/all', 'sqlerrm/returned'],
    operators: ['drop a guard'],
    was: /^failedWith\(error, 'others'\)$/,
    why: others,
  },
  {
    ids: ['assert/handled', 'javascript-errors/overflow', 'strict-in-block/none-or-many'],
    operators: ['drop a guard', 'lose an error'],
    was: /^failedWith\(error, '(P0004|22012|P0003)'\)$|^throw error;$/,
    why: named,
  },
  {
    ids: ['assert/handled', 'javascript-errors/overflow'],
    operators: ['drop a guard'],
    was: /^errorFields\(error\)$/,
    statement: /^const \{ message \} = errorFields\(error\);$/,
    why: `${named}, and what the function raises itself has its message`,
  },
  {
    ids: ['out-of-block/found'],
    operators: ['another comparison'],
    was: /^\(result2\.rowCount \?\? 0\) > 0$/,
    why: 'an INSERT of one row inserts one or fails (manual, INSERT, Outputs)',
  },
  {
    ids: ['out-of-block/found'],
    operators: ['the other boolean', 'is true for is not false'],
    was: /^false$|^seen === /,
    why: 'UPDATE sets FOUND before anything reads it (manual, 41.5.5), and the error of an UPDATE is thrown on',
  },
  {
    ids: ['out-of-block/label-in-loop'],
    operators: ['another text'],
    was: /^'break one'$/,
    why: 'EXIT of the block goes on behind it (manual, 41.6.5.2), where its last statement ends as well',
  },
  {
    ids: ['row-variable/compared'],
    operators: ['one value for another', '|| for ??', 'wrong cast', 'numeric as a number'],
    statement: /\) is null and \(/,
    why: 'a row IS NULL where all its fields are (manual, 9.2), and the key of a row that was found is not',
  },
  {
    ids: ['row-variable/initial'],
    operators: ['another comparison'],
    was: /^spanLow > spanHigh$/,
    why: 'to exchange two equal integers changes nothing (manual, 9.2)',
  },
  {
    ids: ['for-query/two-labels'],
    operators: ['another comparison'],
    was: /^accountRows\.length > 0$/,
    statement: /accountRows\.length > 0 && visited > 3/,
    why: 'what was visited above 3 times stands under an account, of which there is one then (manual, 41.6.6)',
  },
  {
    ids: ['loop/labels'],
    operators: ['another number', 'another comparison'],
    was: /^(5|20|tried > 20)$/,
    is: /^(6|21|\(\(tried\) >= \(20\)\))$/,
    holds: /a <= 6|tried > 21|\(tried\) >= \(20\)/,
    why: limited,
  },
  {
    ids: ['insert-returning/row'],
    operators: ['another comparison', 'another number'],
    was: /^ > $|^0$/,
    why: defaulted,
  },
  {
    ids: ['expressions/time'],
    operators: ['another comparison'],
    was: /^ >= $/,
    holds: /clock_timestamp\(\) > now\(\)/,
    why: 'now() is the start of the transaction, and clock_timestamp() goes on from there (manual, 9.9.5)',
  },
  {
    ids: ['calls-routine/assign-module'],
    operators: ['the other boolean'],
    was: /^false$/,
    why: 'PL/pgSQL leaves out the second operand of AND where the first is false (manual, 4.2.14), and the variable is set where it is true',
  },
];
