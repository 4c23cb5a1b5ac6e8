/** Mutants that no input can tell from the translation, each kind with the rule of PostgreSQL that makes it so. */
import type { Mutant } from './plant-faults.js';

interface Equivalent {
  /** Part of the pair's id; empty: all. */
  readonly id: string;
  readonly operator: string;
  /** What stood there. */
  readonly was: RegExp;
  readonly is?: RegExp;
  /** What the statement round it must hold. */
  readonly statement?: RegExp;
  /** The cases must have taken every branch, so that the order of what is sent was looked at in each. */
  readonly complete?: boolean;
  /** What the whole mutant must and must not hold. */
  readonly holds?: RegExp;
  readonly lacks?: RegExp;
  /** JavaScript must not compute with the argument whose guard is dropped. */
  readonly notComputedWith?: true;
  readonly why: string;
}

const noTransaction =
  'with no lock and no write before another statement, every statement of READ COMMITTED has a snapshot of its own anyway (manual, 13.2.1)';
const existence = 'whether there is a row does not depend on how many are sent (manual, 9.24.1)';

const others =
  'OTHERS takes every error but QUERY_CANCELED and ASSERT_FAILURE (manual, 41.6.8), which nothing in the body raises';
const single =
  'the request gives one row, which has no order, or is refused before one is looked at (manual, 7.5)';
const foreignKey =
  'a NOT NULL column with a foreign key has its partner, so that no row of the left is alone (manual, 5.5.5)';
const undone =
  'what a block did is undone before its handler runs, or with the error that leaves the function (manual, 41.6.8), so that nothing of the inner handler is left';
const whole = 'a whole number is the same value and the same text as integer and as numeric (manual, 8.1.2)';

const digits =
  'a double keeps 15 digits (manual, 8.1.3), numeric(12, 2) has 12 at most, and the column rounds to two places again';

const undivided =
  'the CHECK keeps the dividend from being negative, so that integer division fails with 22012 alone (manual, 9.3) and the handler of other data exceptions never runs';

const defaulted =
  'the column takes its default, which is above 1, because the INSERT leaves it out (manual, 5.2)';

const first = 'LIMIT gives the first rows of the same query (manual, 7.6), and only the first is read';

const equivalents: readonly Equivalent[] = [
  {
    id: '',
    operator: 'lose the transaction',
    was: /./,
    // A lock, another isolation level, a loop, SQL as text, two writes, or a write that something follows.
    lacks:
      /\.for\(|repeatable read|\b(for|while) \(|\.execute\(|(\.(insert|update|delete)\([^]*){2}|\.(insert|update|delete)\([^]*\b(throw|await)\b/,
    why: noTransaction,
  },
  {
    id: '',
    operator: 'lose the transaction',
    was: /./,
    complete: true,
    // What a routine in the SQL writes or locks is not seen in what is sent.
    lacks: /repeatable read|\bselect [\w.]+\(/i,
    why: noTransaction,
  },
  ...['drop LIMIT', 'another LIMIT'].flatMap((operator) => [
    {
      id: '',
      operator,
      was: operator === 'drop LIMIT' ? /./ : /^1$/,
      statement: /^const \[\w+\] = await (?![^]*\.for\()[^]*\.limit\(1\)/,
      why: first,
    },
    {
      id: '',
      operator,
      was: operator === 'drop LIMIT' ? /./ : /^1$/,
      statement: /^const result = await (?![^]*\.for\()[^]*\.limit\(1\)/,
      holds: /\[result\[0\] \?\? /,
      why: first,
    },
  ]),
  ...['drop ORDER BY', 'the other direction'].map((operator) => ({
    id: 'loop/exit-when',
    operator,
    was: /./,
    why: 'the loop ends when no row is left, whichever comes first (manual, 7.5)',
  })),
  {
    id: 'out-of-block/found',
    operator: 'another comparison',
    was: /^\(result2\.rowCount \?\? 0\) > 0$/,
    why: 'an INSERT of one row inserts one or fails (manual, INSERT, Outputs)',
  },
  ...['the other boolean', 'is true for is not false'].map((operator) => ({
    id: 'out-of-block/found',
    operator,
    was: /^false$|^seen === /,
    why: 'UPDATE sets FOUND before anything reads it (manual, 41.5.5), and the error of an UPDATE is thrown on',
  })),
  ...['one value for another', '|| for ??', 'wrong cast', 'numeric as a number'].map((operator) => ({
    id: 'row-variable/compared',
    operator,
    was: /./,
    statement: /\) is null and \(/,
    why: 'a row IS NULL where all its fields are (manual, 9.2), and the key of a row that was found is not',
  })),
  {
    id: '',
    operator: '|| for ??',
    was: /\.tags \?\? null$/,
    why: 'an array is sent as a text with its braces (manual, 8.15.6) or read as an object, neither of which is falsy',
  },
  {
    id: 'return-row/documents',
    operator: '|| for ??',
    was: /\.state \?\? null$/,
    why: 'an enum is sent as its label (manual, 8.7), and none of these is empty',
  },
  ...[
    'skip a statement',
    'drop a WHERE term',
    'another text',
    'another comparison',
    'the column instead of the variable',
    'another number',
  ].map((operator) => ({
    id: 're-raise/after-a-note',
    operator,
    was: /./,
    statement: /'lost'/,
    why: undone,
  })),
  ...['turn a condition round', 'drop a guard', 'another text', 'lose an error'].map((operator) => ({
    id: 're-raise/after-a-note',
    operator,
    was: /error2|^'others'$/,
    why: undone,
  })),
  {
    id: 'null-tests/coalesced-filter',
    operator: 'wrong cast',
    was: /^::integer$/,
    holds: /::numeric is null/,
    why: 'a cast of NULL is NULL in every type, and of any other value it is not (manual, 4.2.9)',
  },
  {
    id: 'calls-routine/definer-stays',
    operator: 'lose the transaction',
    was: /./,
    why: noTransaction,
  },
  {
    id: '',
    operator: 'lose an error',
    was: /^throw error;$/,
    holds: /if \(!failedWith\(error, 'others'\)\) ;/,
    why: others,
  },
  {
    id: '',
    operator: 'drop a guard',
    was: /^failedWith\(error, 'others'\)$/,
    lacks: /P0004/,
    why: others,
  },
  {
    id: 'rpc-single/',
    operator: 'drop ORDER BY',
    was: /./,
    why: single,
  },
  {
    id: 'rpc-single/',
    operator: 'the other direction',
    was: /./,
    why: single,
  },
  {
    id: 'storefront src/services/carts.ts',
    operator: 'another join',
    was: /^innerJoin$/,
    why: foreignKey,
  },
  {
    id: 'for-query/locking-writes',
    operator: 'another join',
    was: /^innerJoin$/,
    why: foreignKey,
  },
  ...['storefront src/services/orders.ts', 'collections src/services/calls.ts'].map((id) => ({
    id,
    operator: 'another join',
    was: /^innerJoin$/,
    why: foreignKey,
  })),
  {
    id: 'collections src/services/agreements.ts',
    operator: 'drop COALESCE',
    was: /./,
    holds: /greatest\(sum\(/,
    why: 'GREATEST leaves NULL out (manual, 9.18.4), and the CHECK of the column keeps its sums from being less than 0',
  },
  {
    id: 'storefront src/services/stock.ts',
    operator: 'wrong cast',
    was: /^::bigint$/,
    why: whole,
  },
  {
    id: 'rpc-query/null-tests',
    operator: 'drop a WHERE term',
    was: /_isNotNull\(_orders\.placedAt\)/,
    is: /^(?!.*_isNotNull\(_orders\.placedAt\))(?=.*_isNull\()/s,
    why: 'a NOT NULL column is never NULL (manual, 5.5.2)',
  },
  {
    id: 'insert-returning/row',
    operator: 'another comparison',
    was: /^ > $/,
    why: defaulted,
  },
  {
    id: 'insert-returning/row',
    operator: 'another number',
    was: /^0$/,
    why: defaulted,
  },
  {
    id: 'self-join/manager',
    operator: 'row for rows',
    was: /./,
    why: 'one row has the key that is asked for, and one at most the key that it refers to (manual, 5.5.4)',
  },
  {
    id: 'foreach/numerics',
    operator: 'lose the transaction',
    was: /./,
    lacks: /\.(select|insert|update|delete)\(/,
    why: 'no statement reads or changes a row, so that there is nothing to undo and no snapshot to differ (manual, 13.2)',
  },
  {
    id: 'for-query/outer-variables',
    operator: 'drop a guard',
    was: /^int4Result\(left - part\)$/,
    why: 'part is above 0 and LEAST (manual, 9.18.4) keeps it from being above left, so that left - part is within integer',
  },
  {
    id: 'for-query/outer-variables',
    operator: 'wrong cast',
    was: /^::integer$/,
    why: whole,
  },
  {
    id: 'return-row-expression/parameters',
    operator: 'wrong cast',
    was: /^::(integer|bigint)$/,
    why: whole,
  },
  ...[
    'wrong error code',
    'skip a statement',
    'drop a WHERE term',
    'another text',
    'another comparison',
    'the column instead of the variable',
  ].map((operator) => ({
    id: 'handler-sqlstate/by-code',
    operator,
    was: /22000|out of range|^_eq\(_accounts\.id, id\)$|^id$/,
    statement: /out of range|22000/,
    why: undivided,
  })),
  {
    id: 'handler-sqlstate/by-code',
    operator: 'lose the transaction',
    was: /./,
    why: `${undivided}, so that one statement alone is sent, which is undone as a whole where it fails (manual, 3.4)`,
  },
  {
    id: 'window/running-total',
    operator: 'one value for another',
    was: /^_moves\.account$/,
    is: /^args\.a1$/,
    why: 'WHERE leaves rows of that account alone, and equal values are one partition (manual, 3.5)',
  },
  {
    id: 'assert/conditions',
    operator: 'wrong cast',
    was: /^::integer$/,
    holds: /\$\{points\}::numeric/,
    why: whole,
  },
  {
    id: 'assign-integer/rounded',
    operator: 'wrong cast',
    was: /^::integer$/,
    holds: /\$\{parsed\}::numeric/,
    why: whole,
  },
  {
    id: 'expressions/conditions',
    operator: 'wrong cast',
    was: /^::bigint$/,
    holds: /\$\{entry\.count\}::numeric::text/,
    why: whole,
  },
  {
    id: 'expressions/numbers',
    operator: 'wrong cast',
    was: /^::(integer|bigint)$/,
    holds:
      /\$\{(sum|ratio|top|big)\}::numeric|\$\{rate\}::numeric \* \$\{a\}::numeric|\$\{a\}::numeric::bigint/,
    why: whole,
  },
  {
    id: 'for-query/record',
    operator: 'wrong cast',
    was: /^::integer$/,
    why: 'an integer column takes a numeric as the integer that it is and refuses a larger one with the same 22003, and a numeric column makes a numeric of an integer (manual, 10.4)',
  },
  {
    id: 'row-variable/initial',
    operator: 'wrong cast',
    was: /^::integer$/,
    holds: /\(\$\{spanLow\}::numeric|\$\{spanHigh\}::numeric\)::/,
    why: 'the fields of a composite value are integers again (manual, 8.16)',
  },
  {
    id: 'update-expression/increment',
    operator: 'wrong cast',
    was: /^::integer$/,
    why: whole,
  },
  {
    id: 'snapshot/several-reads',
    operator: 'wrong cast',
    was: /^::integer$/,
    why: 'a count has digits alone as text (manual, 8.1.2), which JavaScript compares with a number as a number',
  },
  {
    id: 'expressions/time',
    operator: 'wrong cast',
    was: /^::date$/,
    holds: /date_trunc\('month', \$\{from\}::timestamp\)::timestamp/,
    why: 'date_trunc of a month is midnight (manual, 9.9.2), of which the next cast takes the date',
  },
  {
    id: 'expressions/time',
    operator: 'another comparison',
    was: /^ >= $/,
    holds: /clock_timestamp\(\) > now\(\)/,
    why: 'now() is the start of the transaction, and clock_timestamp() goes on from there (manual, 9.9.5)',
  },
  {
    id: 'transactions/one-last-write',
    operator: '|| for ??',
    was: /^credit \?\? '<NULL>'$/,
    why: 'only NULL and what is less than 0 come there, and RAISE shows NULL as <NULL> (manual, 41.9.1)',
  },
  {
    id: '',
    operator: '|| for ??',
    was: /\w \?\? 0$/,
    why: 'an integer (manual, 8.1.1) is falsy only where it is 0, and 0 || 0 is 0',
  },
  {
    id: '',
    operator: '|| for ??',
    was: /^row \?\? \{/,
    why: 'a row (manual, 7.5) is read as an object, which is never falsy',
  },
  {
    id: 'out-parameters/branches',
    operator: '|| for ??',
    was: /leftOver \?\? null$/,
    why: 'numeric is sent as text, which has a digit at least (manual, 8.1.2), so that no value of it is falsy',
  },
  {
    id: 'calls-routine/insert-value',
    operator: 'numeric as a number',
    was: /./,
    why: digits,
  },
  ...['placement-inline/one-value', 'placement-auto/two-calls', 'placement-auto/one-short-call'].map(
    (id) => ({
      id,
      operator: 'numeric as a number',
      was: /./,
      holds: /::float8 <= 0/,
      why: 'the site passes a double, and its text as numeric has the same sign (manual, 8.1.3)',
    }),
  ),
  {
    id: 'raise-notice/computed',
    operator: 'reverse the order of two statements',
    was: /^await evaluate\(/,
    why: 'what was written before an error that leaves the function is undone with it (manual, 3.4)',
  },
  ...['another number', 'the other boolean'].map((operator) => ({
    id: 'handler-keeps-assignments/steps',
    operator,
    was: /^0$/,
    statement: /^let step = /,
    why: 'the block sets the variable first of all, before anything that may fail (manual, 41.5.1)',
  })),
  {
    id: 'handler-keeps-assignments/steps',
    operator: 'drop a guard',
    was: /^int4Result\(step \+ 1\)$/,
    why: 'step is 2 there, so that the sum is within integer (manual, 8.1.1)',
  },
  {
    id: 'handler-keeps-assignments/steps',
    operator: 'wrong cast',
    was: /^::integer$/,
    why: whole,
  },
  {
    id: 'assign-document/settings',
    operator: '|| for ??',
    was: /settings \?\? null$/,
    why: 'the text of a JSON value has a character at least (manual, 8.14), so that none is falsy',
  },
  {
    id: 'pure/fee-in-cents',
    operator: 'drop a guard',
    was: /^int4\(args\.a\d\)$/,
    why: 'the same argument is checked beside it, with the same 22003 and 22P02 (manual, 8.1.1)',
  },
  {
    id: 'calls-routine/assign-module',
    operator: 'the other boolean',
    was: /^false$/,
    why: 'PL/pgSQL leaves out the second operand of AND where the first is false (manual, 4.2.14), and the variable is set where it is true',
  },
  {
    id: 'calls-routine/assign-module',
    operator: 'another number',
    was: /^0$/,
    statement: /^let seen = /,
    why: 'the variable is read only where the branch that sets it was taken (manual, 41.6.4)',
  },
  {
    id: 'calls-routine/assign-module',
    operator: 'drop a guard',
    was: /^int4Result\([12] \+ seen\)$/,
    why: 'seen is 0 or 1, so that the sum is within integer (manual, 8.1.1)',
  },
  {
    id: '',
    operator: 'drop LIMIT',
    was: /\bone: _sql(<number>)?`1`/,
    why: existence,
  },
  {
    id: '',
    operator: 'another LIMIT',
    was: /^1$/,
    statement: /\bone: _sql(<number>)?`1`/,
    why: existence,
  },
  {
    id: '',
    operator: 'drop COALESCE',
    was: /./,
    holds: /greatest\((?:[^()]|\([^()]*\))*, ''\)/,
    why: "GREATEST leaves NULL out (manual, 9.18.4), and no text sorts before ''",
  },
  {
    id: '',
    operator: '|| for ??',
    was: /\?\.(balance|amount) \?\? (null|'<NULL>')$/,
    why: 'numeric is sent as text, which has a digit at least (manual, 8.1.2), so that no value of it is falsy',
  },
  {
    id: 'assign-enum/state',
    operator: '|| for ??',
    was: /old \?\? null$/,
    why: 'an enum is sent as its label (manual, 8.7), and none of these is empty',
  },
  {
    id: 'assign-domain/positive',
    operator: '|| for ??',
    was: /new_ \?\? null$/,
    why: 'the CHECK of the domain leaves out 0 (manual, 8.18)',
  },
  {
    id: 'assign-document/settings',
    operator: '|| for ??',
    was: /tags \?\? null$/,
    why: 'the driver reads the text of an array (manual, 8.15.6) as an object, which is never falsy',
  },
  {
    id: 'argument-cast/date-minus',
    operator: 'wrong cast',
    was: /^::date$/,
    is: /^::timestamp$/,
    why: 'a date meets a timestamp as its midnight (manual, 9.9), and a date is on or before a moment where it is on or before the day of it',
  },
  {
    id: 'calls-routine/elsif',
    operator: 'drop a guard',
    was: /^int4Result\(points - 1\)$/,
    why: 'points is not negative there, so that points - 1 is within integer (manual, 8.1.1)',
  },
  {
    id: '',
    operator: '|| for ??',
    was: /rowCount \?\? 0$/,
    why: '0 || 0 is 0, and CommandComplete of a write always carries a count (manual, 55.7)',
  },
  {
    id: '',
    operator: 'another number',
    was: /^0$/,
    is: /^1$/,
    holds: /rowCount \?\? 1\b/,
    why: 'the count beside rowCount ?? is never used, for CommandComplete of a write always carries one (manual, 55.7)',
  },
  {
    id: '',
    operator: 'drop a guard',
    was: /^int4\(/,
    is: /^[\w.]+$/,
    // Where JavaScript computes with it, the check is not made elsewhere.
    notComputedWith: true,
    why: 'the argument reaches an integer parameter, whose input function makes the same check with the same 22003 and 22P02 (manual, 8.1.1)',
  },
  {
    id: '',
    operator: 'wrong alias',
    was: /^\{ (\w+: _\w+\.\w+(, )?)+ \}$/,
    holds: /\.execute(<[^(]*>)?\(db\.select\(/,
    why: 'the keys are those of the raw result, which names an output column without AS after the column itself (manual, 7.3.2), and Drizzle writes no AS for a plain column',
  },
];

/** The rule, or null where the mutant must be caught. */
export function equivalentTo(
  id: string,
  { operator, was, is, text, statement }: Mutant,
  complete: boolean,
): string | null {
  // What the helper of one SELECT and the call of the routine hold is no statement of the body.
  const own = text.replace(/async function \w*evaluate\b[^]*?\n\}/, '').replace(/^.*=> routine\(.*$/m, '');
  const found = equivalents.find(
    (one) =>
      id.includes(one.id) &&
      one.operator === operator &&
      one.was.test(was) &&
      (one.is?.test(is) ?? true) &&
      (one.statement?.test(statement) ?? true) &&
      (one.complete !== true || complete) &&
      (one.holds?.test(text) ?? true) &&
      (one.notComputedWith !== true || !new RegExp(`int4Result\\([^;]*\\b${is}\\b`).test(own)) &&
      !(one.lacks?.test(own) ?? false),
  );
  return found?.why ?? null;
}
