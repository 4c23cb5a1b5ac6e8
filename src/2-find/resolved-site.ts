/** A call site whose routine is known, with each input argument of the routine bound. */
import type { IdentitySource, Routine, RoutineArgument } from '../1-read/catalog.js';
import type { CallArgument, CallSite, RoutineCall, SiteRefusal } from './call-site.js';

export interface ResolvedSite {
  readonly site: CallSite;
  readonly call: RoutineCall;
  readonly routine: Routine;
  /** One for each in, inout and variadic argument, in declaration order. */
  readonly bindings: readonly Binding[];
  /** The columns of one result row at the site, in order, with their types. */
  readonly output: SiteOutput;
  /** Where the routine takes the identity of its caller as arguments: what its last bindings need. */
  readonly identity?: SiteIdentity;
}

export interface SiteIdentity {
  /** Exports of files of the project, with the names that the expressions know them by. */
  readonly imports: readonly { readonly name: string; readonly local: string; readonly file: string }[];
  /** What nothing is configured for: its argument goes by its own name, which nothing at the site has. */
  readonly missing: readonly IdentitySource[];
}

export interface Binding {
  readonly parameter: RoutineArgument;
  /** Position among the input arguments, 1-based: `$n` of the body. */
  readonly position: number;
  /** null: the parameter's default applies. */
  readonly argument: CallArgument | null;
}

/** What `SELECT f(…)` or `SELECT * FROM f(…)` gives at this site. */
export interface SiteOutput {
  readonly columns: readonly OutputColumn[];
  /** void: one row whose value is void; scalar: one column; row: the columns of a composite or TABLE. */
  readonly shape: 'void' | 'scalar' | 'row';
}

export interface OutputColumn {
  /** Key in the row object as the caller sees it. */
  readonly key: string;
  /** Column of the routine's result that it shows (the routine's own name for a scalar). */
  readonly source: string;
  readonly type: number;
}

export interface UnresolvedSite {
  readonly site: CallSite;
  readonly refusal: SiteRefusal;
}
