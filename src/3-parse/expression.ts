/**
 * Expressions of a body. `type` is a type OID, or null where PostgreSQL was not asked and it does
 * not follow from the catalog.
 */
import type { ArraySubquery, Exists, ScalarSubquery, SubqueryComparison } from './subquery.js';
import type { AtTimeZone, Extract, FunctionCall } from './function-call.js';
import type {
  ArrayComparison,
  Between,
  BooleanTest,
  DistinctTest,
  InList,
  NullTest,
  PatternMatch,
} from './test-expression.js';

export type { ArraySubquery, Exists, ScalarSubquery, SubqueryComparison } from './subquery.js';
export type { AtTimeZone, Extract, FunctionCall, SortKey, Window } from './function-call.js';
export type * from './test-expression.js';

export type Expression =
  | ColumnReference
  | WholeRow
  | ParameterReference
  | VariableReference
  | Literal
  | NullLiteral
  | Operator
  | BooleanOperation
  | NullTest
  | BooleanTest
  | DistinctTest
  | Between
  | InList
  | ArrayComparison
  | PatternMatch
  | Cast
  | Case
  | Coalesce
  | MinMax
  | NullIf
  | FunctionCall
  | ValueFunction
  | ArrayConstructor
  | RowConstructor
  | Subscript
  | FieldSelection
  | AtTimeZone
  | Extract
  | Collate
  | ScalarSubquery
  | Exists
  | SubqueryComparison
  | ArraySubquery
  | Grouping
  | DefaultValue
  | UnsupportedExpression;

export interface Typed {
  readonly type: number | null;
}

/** A column of a relation, CTE or subquery in scope. `range` is the id of the from item. */
export interface ColumnReference extends Typed {
  readonly kind: 'column';
  readonly range: number;
  readonly column: string;
  /** null when the source is not a table, or NOT NULL is not known. */
  readonly notNull: boolean;
  /** `excluded.x` of ON CONFLICT DO UPDATE. */
  readonly excluded: boolean;
}

/** `t.*` or `t` as a row value. */
export interface WholeRow extends Typed {
  readonly kind: 'whole-row';
  readonly range: number;
}

/** One occurrence of an input argument. */
export interface ParameterReference extends Typed {
  readonly kind: 'parameter';
  /** 1-based position among the input arguments. */
  readonly position: number;
  readonly name: string | null;
  /** Declared type. */
  readonly type: number;
  /** What PostgreSQL makes of an untyped `$n` at this very place, asked by Describe; null: undecided. */
  readonly inferred: number | null;
  /** Composite argument field: `p.x`; empty otherwise. */
  readonly path: readonly string[];
}

export interface VariableReference extends Typed {
  readonly kind: 'variable';
  readonly variable: number;
  readonly name: string;
  readonly path: readonly string[];
  readonly inferred: number | null;
}

/** A constant. `text` is the value without quotes, exact (numeric spelling kept); a bit string starts with `b` or `x`. */
export interface Literal extends Typed {
  readonly kind: 'literal';
  readonly literal: 'string' | 'integer' | 'numeric' | 'boolean' | 'bit';
  readonly text: string;
}

export interface NullLiteral extends Typed {
  readonly kind: 'null';
}

/** A unary (left is null) or binary operator that is no comparison of its own kind below. */
export interface Operator extends Typed {
  readonly kind: 'operator';
  /** `=`, `<>`, `+`, `||`, `->>`; schema-qualified when it was. */
  readonly operator: string;
  readonly left: Expression | null;
  readonly right: Expression;
}

export interface BooleanOperation extends Typed {
  readonly kind: 'and' | 'or' | 'not';
  readonly operands: readonly Expression[];
}

export interface Cast extends Typed {
  readonly kind: 'cast';
  readonly operand: Expression;
  /** As written, normalised: `numeric(12,2)`, `text[]`, `app.status`. */
  readonly typeName: string;
}

export interface Case extends Typed {
  readonly kind: 'case';
  readonly subject: Expression | null;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise: Expression | null;
}

export interface Coalesce extends Typed {
  readonly kind: 'coalesce';
  readonly operands: readonly Expression[];
}

export interface MinMax extends Typed {
  readonly kind: 'greatest' | 'least';
  readonly operands: readonly Expression[];
}

export interface NullIf extends Typed {
  readonly kind: 'nullif';
  readonly left: Expression;
  readonly right: Expression;
}

/** CURRENT_TIMESTAMP, CURRENT_DATE, CURRENT_USER, LOCALTIMESTAMP … without parentheses. */
export interface ValueFunction extends Typed {
  readonly kind: 'value-function';
  readonly name: string;
  readonly precision: number | null;
}

export interface ArrayConstructor extends Typed {
  readonly kind: 'array';
  readonly items: readonly Expression[];
}

export interface RowConstructor extends Typed {
  readonly kind: 'row';
  readonly items: readonly Expression[];
}

export interface Subscript extends Typed {
  readonly kind: 'subscript';
  readonly operand: Expression;
  readonly lower: Expression | null;
  readonly upper: Expression | null;
  readonly slice: boolean;
  /** Its operand is a subscript of the same array, of another dimension: `a[1][2]`, not `(a[1])[2]`. */
  readonly further?: boolean;
}

export interface FieldSelection extends Typed {
  readonly kind: 'field';
  readonly operand: Expression;
  readonly field: string;
}

export interface Collate extends Typed {
  readonly kind: 'collate';
  readonly operand: Expression;
  readonly collation: string;
}

/** A grouping set among the keys of GROUP BY, an empty name being `()`; or the call GROUPING(…). */
export interface Grouping extends Typed {
  readonly kind: 'grouping';
  readonly form: '' | 'rollup' | 'cube' | 'grouping sets' | 'grouping';
  readonly items: readonly Expression[];
}

/** DEFAULT in VALUES or SET. */
export interface DefaultValue extends Typed {
  readonly kind: 'default';
}

export interface UnsupportedExpression extends Typed {
  readonly kind: 'unsupported';
  readonly construct: string;
  readonly sql: string;
}
