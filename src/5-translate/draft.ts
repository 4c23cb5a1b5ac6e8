/** The translation of one routine for one site (inline) or for all of its sites (module). */
import type { ReasonId } from '../reasons.js';
import type { Code, Line } from './code.js';

export type Draft = InlineDraft | ModuleDraft | EmbeddedDraft;

interface DraftBase {
  readonly completeness: 'complete' | 'skeleton';
  /** One line each, what a person must finish; empty when complete. */
  readonly todos: readonly string[];
  /** The construct behind each todo that has one. */
  readonly untranslated?: readonly string[];
  /** Statements sent on the longest path; round trips counts BEGIN and COMMIT too. */
  readonly statements: number;
  readonly roundTrips: number;
  readonly hazards: readonly { readonly rule: string; readonly message: string }[];
  /** Each statement alone, for Describe: builder or sql, with the columns the old side gave. */
  readonly describable: readonly Code[];
}

/** One expression in place of the call. */
export interface InlineDraft extends DraftBase {
  readonly kind: 'inline';
  /** Constants that stand before the site's statement and that the query reads: builders that send nothing. */
  readonly prelude?: readonly Line[];
  /** Un-awaited expression whose awaited value has `shape`. */
  readonly query: Code;
  /**
   * Un-awaited expression that gives the driver's result object with the same rows, keys and representations
   * (`db.execute(builder)`); missing where there is none, and then sites that use the whole object are kept.
   */
  readonly rawResult?: Code;
  /**
   * rows: an array of row objects, as a builder gives · result: the driver's result object ·
   * value: the routine's value itself · nothing: no value that anyone reads.
   */
  readonly shape: 'rows' | 'result' | 'value' | 'nothing';
  /** The query is a plain value and not a promise. */
  readonly synchronous?: boolean;
  /** exactly-one: one row on every path · at-most-one · many. */
  readonly cardinality: 'exactly-one' | 'at-most-one' | 'many';
  /** Keys of a row in order, with the TypeScript type of each. */
  readonly columns: readonly DraftColumn[];
  /** The caller sees one row of NULLs where the query gives none. */
  readonly nullRowWhenEmpty: boolean;
}

export interface DraftColumn {
  readonly key: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** SQL in place of a call inside a larger statement. */
export interface EmbeddedDraft extends DraftBase {
  readonly kind: 'embedded';
  /** With the statement's own `$n`; a line break outside quotes parts clauses. */
  readonly text: string;
  /** What stands in the fragment of a query builder instead of `text`, where tables and columns can be code. */
  readonly template?: readonly (string | Code)[];
}

/** A function of its own in `routines/`, which sites call. */
export interface ModuleDraft extends DraftBase {
  readonly kind: 'module';
  /** camelCase name of the exported function, also the file's in kebab-case. */
  readonly name: string;
  readonly documentation: string;
  readonly executor: 'tx' | 'db';
  readonly parameters: readonly ModuleParameter[];
  readonly body: readonly Line[];
  /** Some path locks or writes rows. */
  readonly locks?: boolean;
  /** Its reads see one snapshot: the transaction is `repeatable read`, and it writes nothing. */
  readonly snapshot?: boolean;
  /** Type of the value it resolves to, or null when TypeScript infers it. */
  readonly returns: string | null;
  /** What the resolved value is to the routine's result: see InlineDraft.shape. */
  readonly shape: 'rows' | 'value' | 'nothing';
  readonly columns: readonly DraftColumn[];
  /** A value that it gives may be null; unknown counts as yes. */
  readonly nullable?: boolean;
  /** It stands for a function that is being made, until that is done. */
  readonly pending?: true;
  /** It calls itself, if only by way of others: the module of such a `routine` node is its own documentation. */
  readonly recursive?: true;
  /** Generated functions that it calls: the module of a `routine` node is the documentation of one. */
  readonly callees?: readonly ModuleDraft[];
}

export interface ModuleParameter {
  readonly position: number;
  readonly name: string;
  readonly type: string;
  /** Destructuring default. */
  readonly default: Code | null;
}

/** Why a routine or site has no draft. */
export interface NoDraft {
  readonly kind: 'none';
  readonly reason: ReasonId;
  readonly detail: string;
  /** Line of the body that is refused, and what stands there; missing where none is. */
  readonly line?: number | null;
  readonly text?: string;
}
