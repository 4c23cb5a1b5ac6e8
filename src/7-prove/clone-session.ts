/**
 * The harness's own hand on the clone: seeds, savepoints, sequences and the rows of every table. What the
 * user's code sends takes another way (transaction-server.ts).
 */
import { quoteIdentifier } from '../sql/identifier.js';
import { quoteLiteral } from '../sql/quote-literal.js';
import type { TableRows } from './outcome.js';

/** Runs a string of statements; the rows of each, values as text. Throws errors with a `code`. */
export type RunTexts = (sql: string) => Promise<readonly (readonly (readonly (string | null)[])[])[]>;

export interface CloneSession {
  exec(sql: string): Promise<void>;
  /** First column of every row. */
  column(sql: string): Promise<readonly string[]>;
  /** Looks again for tables and sequences, after definitions have changed. */
  refresh(): Promise<void>;
  /** What every table holds, after a first statement that gives no rows. */
  rows(first?: string): Promise<readonly TableRows[]>;
  /** SQL that puts every sequence back to where it is now; sequences ignore rollbacks. */
  sequenceState(): Promise<string>;
  /** SQLSTATE and message of what `exec` throws. */
  failure(error: unknown): string;
}

const userSchemas = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;

/**
 * PL/pgSQL plans a statement with the values of its variables for the first five runs in a session, and may go on
 * without them (choose_custom_plan of plancache.c), so that a value which fits no column fails before a row is
 * looked for, or at the row. All cases of a pair share a session, and each is to meet the function as a first call does.
 */
export const plansOfFirstCalls = 'SET plan_cache_mode = force_custom_plan';

/** Call `refresh` before `rows` and `sequenceState`. */
export function cloneSession(run: RunTexts): CloneSession {
  let tables: readonly { readonly name: string; readonly columns: readonly string[] }[] = [];
  let sequences: readonly string[] = [];

  async function texts(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    return (await run(sql)).at(-1) ?? [];
  }

  return {
    async exec(sql) {
      await run(sql);
    },
    async column(sql) {
      return (await texts(sql)).map((row) => row[0] ?? '');
    },
    async refresh() {
      const found = await texts(
        `SELECT format('%I.%I', n.nspname, c.relname), json_agg(a.attname ORDER BY a.attnum)::text
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          WHERE c.relkind = 'r' AND ${userSchemas}
          GROUP BY 1 ORDER BY 1`,
      );
      tables = found.map(([name, columns]) => ({
        name: name ?? '',
        columns: JSON.parse(columns ?? '[]') as string[],
      }));
      sequences = await this.column(
        `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind = 'S' AND ${userSchemas} ORDER BY 1`,
      );
    },
    async rows(first) {
      const before = first === undefined ? [] : [first];
      const queries = [...before, ...tables.map(rowsQuery)];
      if (queries.length === 0) return [];
      const results = await run(queries.join(';\n'));
      return tables.map((table, index) => ({ ...table, rows: results[index + before.length] ?? [] }));
    },
    async sequenceState() {
      if (sequences.length === 0) return '';
      const states = await this.column(
        sequences
          .map(
            (name) =>
              `SELECT format('SELECT setval(%L, %s, %L)', ${quoteLiteral(name)}, last_value, is_called) FROM ${name}`,
          )
          .join('\nUNION ALL\n'),
      );
      return states.join(';\n');
    },
    failure(error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
      const message = error instanceof Error ? error.message : String(error);
      return code === '' ? message : `${code} ${message}`;
    },
  };
}

function rowsQuery({
  name,
  columns,
}: {
  readonly name: string;
  readonly columns: readonly string[];
}): string {
  const list = columns.map((column) => `${quoteIdentifier(column)}::text`).join(', ');
  const order = columns.map((column) => `${quoteIdentifier(column)}::text COLLATE "C"`).join(', ');
  return columns.length === 0 ? `SELECT FROM ${name}` : `SELECT ${list} FROM ${name} ORDER BY ${order}`;
}
