/** Subqueries as expressions. */
import type { Expression, Typed } from './expression.js';
import type { Select } from './statement.js';

export interface ScalarSubquery extends Typed {
  readonly kind: 'scalar-subquery';
  readonly select: Select;
}

export interface Exists extends Typed {
  readonly kind: 'exists';
  readonly select: Select;
}

/** `x IN (SELECT …)` is any with `=`; NOT IN is a `not` round it. */
export interface SubqueryComparison extends Typed {
  readonly kind: 'subquery-comparison';
  readonly quantifier: 'any' | 'all';
  readonly operator: string;
  readonly left: Expression;
  readonly select: Select;
}

export interface ArraySubquery extends Typed {
  readonly kind: 'array-subquery';
  readonly select: Select;
}
