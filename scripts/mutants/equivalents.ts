/** Mutants that no input can tell from the translation, each kind with the rule of PostgreSQL that makes it so. */
import { branches } from './equivalents/branches.js';
import { casts } from './equivalents/casts.js';
import { doubles } from './equivalents/doubles.js';
import type { Equivalent } from './equivalents/equivalent.js';
import { falsyValues } from './equivalents/falsy-values.js';
import { guards } from './equivalents/guards.js';
import { rows } from './equivalents/rows.js';
import { transactions } from './equivalents/transactions.js';
import { unread } from './equivalents/unread.js';
import type { Mutant } from './plant-faults.js';

const equivalents: readonly Equivalent[] = [
  ...transactions,
  ...rows,
  ...casts,
  ...doubles,
  ...falsyValues,
  ...guards,
  ...branches,
  ...unread,
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
      one.operators.includes(operator) &&
      (one.ids?.some((part) => id.includes(part)) ?? true) &&
      (one.was?.test(was) ?? true) &&
      (one.is?.test(is) ?? true) &&
      (one.statement?.test(statement) ?? true) &&
      (one.within?.(statement) ?? true) &&
      (one.complete !== true || complete) &&
      (one.holds?.test(text) ?? true) &&
      (one.notComputedWith !== true || !new RegExp(`int4Result\\([^;]*\\b${is}\\b`).test(own)) &&
      !(one.lacks?.test(own) ?? false),
  );
  return found?.why ?? null;
}
