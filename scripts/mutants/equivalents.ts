/** Mutants that no input can tell from the translation, each kind with the rule of PostgreSQL that makes it so. */
import type { Mutant } from './plant-faults.js';

interface Equivalent {
  /** Part of the pair's id; empty: all. */
  readonly id: string;
  readonly operator: string;
  /** What stood there. */
  readonly was: RegExp;
  readonly is?: RegExp;
  readonly why: string;
}

const equivalents: readonly Equivalent[] = [];

/** The rule, or null where the mutant must be caught. */
export function equivalentTo(id: string, { operator, was, is }: Mutant): string | null {
  const found = equivalents.find(
    (one) =>
      id.includes(one.id) &&
      one.operator === operator &&
      one.was.test(was) &&
      (one.is === undefined || one.is.test(is)),
  );
  return found?.why ?? null;
}
