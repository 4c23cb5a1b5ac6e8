/** Tables whose constraints or triggers may wait for the end of the transaction. */
import type { Database } from '../io/database.js';

/** Reads them in one read-only round trip, as pg_class OIDs. */
export async function readDeferrable(db: Database): Promise<ReadonlySet<number>> {
  const results = await db.query(
    `BEGIN READ ONLY;
     SELECT DISTINCT tgrelid::int8::text AS relation FROM pg_catalog.pg_trigger WHERE tgdeferrable
     UNION SELECT conrelid::int8::text FROM pg_catalog.pg_constraint WHERE condeferrable;
     COMMIT`,
  );
  return new Set(results.flatMap(({ rows }) => rows.map(({ relation }) => Number(relation))));
}
