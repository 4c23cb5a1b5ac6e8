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
  readonly why: string;
}

const noTransaction =
  'with no lock and no write before another statement, every statement of READ COMMITTED has a snapshot of its own anyway (manual, 13.2.1)';
const existence = 'whether there is a row does not depend on how many are sent (manual, 9.24.1)';

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
    lacks: /\bint4Result\(/,
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
  const found = equivalents.find(
    (one) =>
      id.includes(one.id) &&
      one.operator === operator &&
      one.was.test(was) &&
      (one.is?.test(is) ?? true) &&
      (one.statement?.test(statement) ?? true) &&
      (one.complete !== true || complete) &&
      (one.holds?.test(text) ?? true) &&
      !(one.lacks?.test(text) ?? false),
  );
  return found?.why ?? null;
}
