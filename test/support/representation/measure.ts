/** Reads and writes one column through every form, and says which forms agree. */
import { isDeepStrictEqual } from 'node:util';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { MissingBuilder, type ColumnCase } from './columns.js';
import { executed, type Connection } from './lines.js';

export interface Reading {
  /** `db.execute`, a value a row. */
  readonly raw: Outcome;
  readonly bare: Outcome;
  readonly returning: Outcome;
  /** `` sql`${column}` `` */
  readonly fragment: Outcome;
}

export type Outcome =
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
  | { readonly kind: 'failed'; readonly because: string };

/** Reads all rows of `table (id, v)`. */
export async function read(connection: Connection, table: string, column: ColumnCase): Promise<Reading> {
  const { db, core } = connection;
  const { sql } = core;
  const t = drizzleTable(connection, table, column);
  return {
    raw: await readRaw(connection, table),
    bare: await readBare(connection, table, column),
    returning: await outcome(async () =>
      (
        await db
          .update(t)
          .set({ id: sql`${t.id}` })
          .returning({ v: t.v })
      ).map(({ v }) => v),
    ),
    fragment: await outcome(async () =>
      (
        await db
          .select({ v: sql`${t.v}` })
          .from(t)
          .orderBy(t.id)
      ).map(({ v }) => v),
    ),
  };
}

/** What the column in a selection gives. */
export async function readBare(connection: Connection, table: string, column: ColumnCase): Promise<Outcome> {
  const t = drizzleTable(connection, table, column);
  return outcome(async () =>
    (await connection.db.select({ v: t.v }).from(t).orderBy(t.id)).map(({ v }) => v),
  );
}

/** What `db.execute` gives. */
export async function readRaw(connection: Connection, table: string): Promise<Outcome> {
  const statement = connection.core.sql.raw(`SELECT v FROM ${table} ORDER BY id`);
  return outcome(async () => (await executed(connection, statement)).map(({ v }) => v));
}

/** What reaches the table as text, or why nothing does. */
export interface Writing {
  readonly bare: Outcome;
  readonly column: Outcome;
}

export async function insert(
  connection: Connection,
  table: string,
  column: ColumnCase,
  value: unknown,
): Promise<Writing> {
  const { db, core } = connection;
  const { sql } = core;
  const t = drizzleTable(connection, table, column);
  const text = async (rows: PromiseLike<readonly unknown[]>): Promise<readonly unknown[]> =>
    (await rows).map((row) => (row as { text: unknown }).text);
  return {
    bare: await outcome(() =>
      text(
        executed(
          connection,
          sql`INSERT INTO ${sql.raw(table)} (v) VALUES (${value}) RETURNING v::text AS text`,
        ),
      ),
    ),
    column: await outcome(() =>
      text(
        db
          .insert(t)
          .values({ v: value })
          .returning({ text: sql`${t.v}::text` }),
      ),
    ),
  };
}

/** The rows that equal the value. */
export async function compare(
  connection: Connection,
  table: string,
  column: ColumnCase,
  value: unknown,
): Promise<Writing> {
  const { db, core } = connection;
  const { sql, eq } = core;
  const t = drizzleTable(connection, table, column);
  const ids = async (rows: PromiseLike<readonly unknown[]>): Promise<readonly unknown[]> =>
    (await rows).map((row) => (row as { id: unknown }).id);
  return {
    bare: await outcome(() =>
      ids(executed(connection, sql`SELECT id FROM ${sql.raw(table)} WHERE v = ${value} ORDER BY id`)),
    ),
    column: await outcome(() => ids(db.select({ id: t.id }).from(t).where(eq(t.v, value)).orderBy(t.id))),
  };
}

export function agree(first: Outcome, second: Outcome): boolean {
  return isDeepStrictEqual(first, second);
}

interface Columns {
  readonly id: PgColumn;
  readonly v: PgColumn;
}

type Table = PgTable & Columns;

/** Null when the line of Drizzle has no such builder. */
export function tryTable(connection: Connection, name: string, column: ColumnCase): Table | null {
  try {
    return drizzleTable(connection, name, column);
  } catch (error) {
    if (error instanceof MissingBuilder) return null;
    throw error;
  }
}

export function drizzleTable({ pgCore }: Connection, name: string, column: ColumnCase): Table {
  return pgCore.pgTable(name, {
    id: pgCore.integer('id').primaryKey(),
    v: column.build(pgCore) as never,
  });
}

/** SQLSTATE and message of the driver's error, or the class and message of an error of JavaScript. */
export async function outcome(run: () => Promise<readonly unknown[]>): Promise<Outcome> {
  try {
    return { kind: 'values', values: await run() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (!(cause instanceof Error)) throw error;
    const code = (cause as { code?: unknown }).code;
    return { kind: 'failed', because: `${typeof code === 'string' ? code : cause.name}: ${cause.message}` };
  }
}
