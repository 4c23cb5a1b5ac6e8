/**
 * How a site uses what the call gives, from the types and the syntax round it.
 * Only computed for sites that are not kept. Offsets as in call-site.ts.
 */
import type { Driver } from '../1-read/user-project.js';
import type { Span } from './call-site.js';
import type { DeclaredRow } from './declared-row.js';
import type { RequestUse } from './request-use.js';
import type { ResolvedSite } from './resolved-site.js';

export interface ResultUse {
  readonly client: ClientUse;
  /** A call through `.rpc()`: what becomes of its answer. */
  readonly request?: RequestUse;
  /** Of a request: the site with its arguments as types tell them. */
  readonly resolved?: ResolvedSite;
  /** The expression that the translated query replaces, `await` and `.rows` included where they were read. */
  readonly target: Span;
  /** `target` holds the `await`, and the replacement must be awaited. */
  readonly awaited: boolean;
  /**
   * What the value of `target` is once `edits` are applied:
   * nothing (a statement of its own) · result (the driver's whole result object) · rows (array) ·
   * row (the first row or undefined) · field (one field of the first row).
   */
  readonly shape: 'nothing' | 'result' | 'rows' | 'row' | 'field';
  /** For `field`: its key, and whether it was read as `?.`. */
  readonly field: { readonly key: string; readonly optional: boolean } | null;
  /** Edits outside the target that make the shape true: `{ rows }` to `rows`, `result.rows` to `result`. */
  readonly edits: readonly TextEdit[];
  /** Reads of the first row or of its fields through a variable, after the target. */
  readonly reads: readonly Read[];
  /** The variable with the rows has no use that is not in `reads`. */
  readonly readsOnly?: boolean;
  /** Keys that are read when every read is visible, else `all`: the rows escape. */
  readonly fieldsRead: readonly string[] | 'all';
  /** The row type that the call names, if any. */
  readonly declaredRow?: DeclaredRow | null;
  /** The name that the statement declares with this result, if any. */
  readonly declares: string | null;
  readonly arguments: readonly ArgumentUse[];
  /** Start of the statement that holds the site, when a statement may be put before it; else null. */
  readonly hoistPoint: number | null;
}

export interface ClientUse {
  readonly kind: 'drizzle' | 'pg-pool' | 'pg-client' | 'postgres-js' | 'supabase' | 'prisma' | 'other';
  readonly driver: Driver | null;
  /** TypeScript that names the Drizzle client or transaction to use: `db`, `this.db`, `tx`. Null: none found. */
  readonly executor: string | null;
  /** Import that `executor` needs when the site did not have it. */
  readonly executorImport: { readonly file: string; readonly name: string } | null;
  /** The executor is a transaction handle. */
  readonly inTransaction: boolean;
  /** The executor is no transaction: its type holds the driver's own client, or it is the project's. */
  readonly isClient?: boolean;
  /** Why `executor` is null. */
  readonly refusal: string | null;
}

export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `result.rows[0].total` after `edits`: the span of the whole read in the original text. */
export interface Read {
  readonly span: Span;
  readonly kind: 'row' | 'field';
  readonly key: string | null;
  readonly optional: boolean;
  /** Text of the rows expression at that place once edits are applied: `result`. */
  readonly rows: string;
}

/** One hole of the statement. */
export interface ArgumentUse {
  readonly hole: number;
  /** The checker's text of the type: `number`, `string | null`. */
  readonly type: string;
  readonly mayBeUndefined: boolean;
  readonly mayBeNull: boolean;
  /** The union's members without null and undefined. */
  readonly members: readonly (
    'string' | 'number' | 'bigint' | 'boolean' | 'date' | 'array' | 'object' | 'sql' | 'any'
  )[];
  /** What they were before the value was put in the form of its hole; absent where it was not. */
  readonly given?: ArgumentUse['members'];
  /** An identifier, property access or literal: it can stand twice and be dropped. */
  readonly repeatable: boolean;
}
