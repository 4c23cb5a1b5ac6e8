/** Expressions whose value is true, false or unknown, by a syntax of their own. */
import type { Expression, Typed } from './expression.js';

export interface NullTest extends Typed {
  readonly kind: 'null-test';
  readonly operand: Expression;
  readonly negated: boolean;
}

export interface BooleanTest extends Typed {
  readonly kind: 'boolean-test';
  readonly operand: Expression;
  readonly test: 'true' | 'false' | 'unknown';
  readonly negated: boolean;
}

export interface DistinctTest extends Typed {
  readonly kind: 'distinct';
  readonly left: Expression;
  readonly right: Expression;
  readonly negated: boolean;
}

export interface Between extends Typed {
  readonly kind: 'between';
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
  readonly symmetric: boolean;
}

export interface InList extends Typed {
  readonly kind: 'in-list';
  readonly operand: Expression;
  readonly items: readonly Expression[];
  readonly negated: boolean;
}

/** `x = ANY (array)`, `x <> ALL (array)`. */
export interface ArrayComparison extends Typed {
  readonly kind: 'array-comparison';
  readonly quantifier: 'any' | 'all';
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

/** LIKE, ILIKE, SIMILAR TO with their escape. `~` and friends are operators. */
export interface PatternMatch extends Typed {
  readonly kind: 'pattern';
  readonly form: 'like' | 'ilike' | 'similar';
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape: Expression | null;
  readonly negated: boolean;
}
