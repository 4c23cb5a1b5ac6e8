/** Builds statements with the user's own Drizzle, to learn the SQL text and parameters that it makes. */
import { decodeArguments } from './case-values.js';
import { encodeArguments } from './case-values.js';
import type { UserDatabase, UserRuntime } from './user-runtime.js';

export interface BuiltStatement {
  readonly sql: string;
  /** In the tagged JSON of case-values.ts. */
  readonly params: readonly unknown[];
}

/**
 * Evaluates a module that exports `statements = (db, args) => [Q, …]`; each Q is a builder or an
 * `sql` fragment. Nothing is sent. Gives a sentence when the module or a builder throws.
 */
export async function evaluateStatements(
  runtime: UserRuntime,
  request: { readonly source: string; readonly filename: string; readonly args: unknown },
): Promise<readonly BuiltStatement[] | string> {
  try {
    const module = await runtime.evaluate(request.source, request.filename);
    const make = module['statements'];
    if (typeof make !== 'function') return 'the module exports no statements(db, args)';
    const queries = (make as (db: UserDatabase, args: unknown) => readonly unknown[])(
      runtime.db,
      decodeArguments(request.args),
    );
    return queries.map((query) => toStatement(runtime.db, query));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A builder has getSQL() as an `sql` fragment has; the dialect turns either into text. */
function toStatement(db: UserDatabase, query: unknown): BuiltStatement {
  const fragment =
    typeof query === 'object' && query !== null && 'getSQL' in query && typeof query.getSQL === 'function'
      ? (query.getSQL as () => unknown).call(query)
      : query;
  const { sql, params } = db.dialect.sqlToQuery(fragment);
  return { sql, params: params.map(encodeArguments) };
}
