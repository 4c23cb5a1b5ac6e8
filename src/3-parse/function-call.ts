/** Calls of functions, aggregates and window functions, with the calls that have a syntax of their own. */
import type { Expression, Typed } from './expression.js';

export interface FunctionCall extends Typed {
  readonly kind: 'call';
  /** Schema when it was written, else null. */
  readonly schema: string | null;
  readonly name: string;
  readonly arguments: readonly { readonly name: string | null; readonly value: Expression }[];
  /** `count(*)`. */
  readonly star: boolean;
  readonly distinct: boolean;
  readonly variadic: boolean;
  readonly orderBy: readonly SortKey[];
  readonly filter: Expression | null;
  readonly withinGroup: boolean;
  readonly over: Window | null;
  /** OID of the user's routine that it names, or null for a built-in or extension function. */
  readonly routine: number | null;
  readonly aggregate: boolean;
  readonly volatile: boolean;
}

export interface Window {
  /** Name of a WINDOW clause entry, when it is only that. */
  readonly name: string | null;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  /** The frame as SQL text, or null for the default one. */
  readonly frame: string | null;
}

export interface SortKey {
  readonly expression: Expression;
  readonly direction: 'asc' | 'desc';
  /** As PostgreSQL applies it: asc puts NULLs last, desc first, unless written otherwise. */
  readonly nulls: 'first' | 'last';
  readonly explicitNulls: boolean;
}

export interface AtTimeZone extends Typed {
  readonly kind: 'at-time-zone';
  readonly operand: Expression;
  readonly zone: Expression;
}

export interface Extract extends Typed {
  readonly kind: 'extract';
  readonly field: string;
  readonly operand: Expression;
}
