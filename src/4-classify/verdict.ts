/** What a routine's body is in effect, with the reasons that forbid a translation and the hazards to name. */
import type { ReasonId } from '../reasons.js';
import type { PlpgsqlBody, SqlBody } from '../3-parse/body.js';
import type { Statement } from '../3-parse/statement.js';

export type Verdict = SingleStatement | MultiStep | Keep;

export interface SingleStatement {
  readonly kind: 'single-statement';
  readonly statement: Statement;
  readonly result: BodyResult;
  readonly hazards: readonly Hazard[];
  readonly reasons: readonly [];
}

/** What the statement's rows become. */
export interface BodyResult {
  /**
   * void: nothing · found: whether a row was touched · row-count: how many ·
   * first-row: one row always, NULLs when the statement gives none · rows: a set.
   */
  readonly kind: 'void' | 'found' | 'row-count' | 'first-row' | 'rows';
  /** Names of the routine's result columns in the order of the statement's; one for a scalar. */
  readonly columns: readonly ResultColumn[];
  /** INTO STRICT, or nothing. */
  readonly strict: boolean;
  /** It is the expression of a RETURN in PL/pgSQL, whose plan does not know the arguments. */
  readonly returned?: true;
}

export interface ResultColumn {
  readonly name: string;
  readonly type: number;
  readonly typmod: number;
  /** The statement's own column type differs: PostgreSQL casts on return. */
  readonly castFrom: number | null;
}

export interface MultiStep {
  readonly kind: 'multi-step';
  readonly body: SqlBody | PlpgsqlBody;
  readonly hazards: readonly Hazard[];
  readonly reasons: readonly [];
}

export interface Keep {
  readonly kind: 'keep';
  readonly reasons: readonly [RoutineReason, ...RoutineReason[]];
  readonly hazards: readonly Hazard[];
}

/** Gravest first. */
export interface RoutineReason {
  readonly id: ReasonId;
  /** The construct, object or text that it is about. */
  readonly detail: string;
  /** Line of the body, or null. */
  readonly line: number | null;
  /** What stands there as it is written, on one line. */
  readonly text?: string;
}

export interface Hazard {
  /** kebab-case: security-definer, row-security, overloaded, volatility-lies … */
  readonly rule: string;
  readonly message: string;
}
