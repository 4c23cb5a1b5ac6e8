/** CHECK constraints as text, whose literals become candidates for the rows of a proof. */
import type { Database } from '../io/database.js';

/** Reads them in one read-only round trip; by pg_class OID. Domains' constraints are not among them. */
export async function readChecks(db: Database): Promise<ReadonlyMap<number, readonly string[]>> {
  const results = await db.query(
    `BEGIN READ ONLY;
     SELECT conrelid::int8::text AS relation, pg_catalog.pg_get_constraintdef(oid) AS definition
       FROM pg_catalog.pg_constraint WHERE contype = 'c' AND conrelid <> 0 ORDER BY oid;
     COMMIT`,
  );
  const checks = new Map<number, string[]>();
  for (const row of results.flatMap(({ rows }) => rows)) {
    const relation = Number(row['relation']);
    checks.set(relation, [...(checks.get(relation) ?? []), String(row['definition'])]);
  }
  return checks;
}
