/** Scratch databases of runs that were killed: removed when they are provably ours and no longer in use. */
import type pg from 'pg';

/** Begins the comment of each template; the time of its making follows. */
export const familyComment = 'migrate-rpc scratch copy, made ';

interface Leftover {
  readonly template: string;
  readonly databases: readonly string[];
  readonly removable: boolean;
}

/**
 * A family is a template with our comment, owned by this login, and its copies. It is removed when it is older
 * than a minute and neither its run's session nor any other is connected. Sentences on what was found.
 */
export async function dropLeftovers(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<Leftover>(leftoversQuery);
  const notes: string[] = [];
  for (const { template, databases, removable } of rows) {
    if (!removable) continue;
    try {
      for (const name of databases) await client.query(`DROP DATABASE IF EXISTS ${name}`);
      notes.push(`Removed the scratch database ${template}, which a killed run had left`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      notes.push(`The scratch database ${template} of a killed run could not be removed: ${why}`);
    }
  }
  return notes;
}

/** Copies before their template, whose comment is what proves them ours. */
const leftoversQuery = `
WITH family AS (
  SELECT t.datname AS template,
    now() - substr(shobj_description(t.oid, 'pg_database'), ${String(familyComment.length + 1)})::timestamptz > interval '1 minute' AS old
  FROM pg_database t
  WHERE t.datname ~ '^migrate_rpc_[0-9a-f]{12}$' AND t.datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    AND shobj_description(t.oid, 'pg_database') ~ '^${familyComment}[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$'
)
SELECT f.template,
  (SELECT json_agg(d.datname ORDER BY length(d.datname) DESC) FROM pg_database d
    WHERE d.datname = f.template OR starts_with(d.datname, f.template || '_')) AS databases,
  f.old AND NOT EXISTS (SELECT FROM pg_stat_activity a
    WHERE a.datname = f.template OR starts_with(a.datname, f.template || '_')
      OR a.application_name = 'migrate-rpc scratch ' || substr(f.template, 13)) AS removable
FROM family f`;
