/** The SQL that gives relations as JSON in the shape of catalog.ts. */

/**
 * Everything with columns outside the system's schemas. Triggers that are switched off, or that fire
 * only on a replica, are left out, as they do nothing here. `major` is the server's version.
 */
export function relationsQuery(major: number): string {
  return `SELECT coalesce(json_agg(json_build_object(
  'oid', c.oid::int8,
  'schema', n.nspname,
  'name', c.relname,
  'kind', CASE c.relkind WHEN 'p' THEN 'partitioned-table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view'
    WHEN 'f' THEN 'foreign-table' WHEN 'c' THEN 'composite' WHEN 'S' THEN 'sequence' ELSE 'table' END,
  'rowType', c.reltype::int8,
  'columns', ${columnsJson},
  'keys', ${keysJson(major)},
  'foreignKeys', ${foreignKeysJson},
  'exclusions', ARRAY(SELECT x.conname FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'x' ORDER BY x.conname),
  'checked', ARRAY(SELECT DISTINCT a.attname FROM pg_constraint x
    LEFT JOIN LATERAL unnest(x.conkey) AS k (number) ON true
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number AND k.number > 0
    WHERE x.conrelid = c.oid AND x.contype = 'c' ORDER BY a.attname),
  'alone', NOT (c.relhasrules OR c.relhassubclass OR c.relispartition OR EXISTS (
    SELECT FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype = 'c' AND NOT x.convalidated)),
  'triggers', ${triggersJson},
  'policies', ${policiesJson},
  'rowSecurity', c.relrowsecurity,
  'forceRowSecurity', c.relforcerowsecurity,
  'owner', pg_get_userbyid(c.relowner),
  'extension', e.extname
) ORDER BY n.nspname, c.relname), '[]') AS result
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend x ON x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.objsubid = 0 AND x.deptype = 'e'
LEFT JOIN pg_extension e ON e.oid = x.refobjid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c', 'S')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
}

/** The default of a generated column is its expression. */
const columnsJson = `(SELECT coalesce(json_agg(json_build_object(
    'name', a.attname,
    'number', a.attnum,
    'type', a.atttypid::int8,
    'typmod', a.atttypmod,
    'notNull', a.attnotnull,
    'default', pg_get_expr(d.adbin, d.adrelid),
    'generated', a.attgenerated <> '',
    'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by-default' END
  ) ORDER BY a.attnum), '[]')
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

/** A deferrable constraint has an index that is not immediate. NULLS NOT DISTINCT exists from 15. */
function keysJson(major: number): string {
  return `(SELECT coalesce(json_agg(json_build_object(
    'name', ic.relname,
    'columns', ARRAY(
      SELECT a.attname FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, i)
      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0
      WHERE k.i <= i.indnkeyatts ORDER BY k.i),
    'primary', i.indisprimary,
    'predicate', pg_get_expr(i.indpred, i.indrelid),
    'deferrable', NOT i.indimmediate,
    'nullsNotDistinct', ${major >= 15 ? 'i.indnullsnotdistinct' : 'false'}
  ) ORDER BY i.indisprimary DESC, ic.relname), '[]')
  FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
  WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indisready AND i.indislive)`;
}

const foreignKeysJson = `(SELECT coalesce(json_agg(json_build_object(
    'name', f.conname,
    'columns', ARRAY(
      SELECT a.attname FROM unnest(f.conkey) WITH ORDINALITY AS k (number, i)
      JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number ORDER BY k.i),
    'references', json_build_object('schema', tn.nspname, 'table', t.relname, 'columns', ARRAY(
      SELECT a.attname FROM unnest(f.confkey) WITH ORDINALITY AS k (number, i)
      JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number ORDER BY k.i)),
    'deferrable', f.condeferrable
  ) ORDER BY f.conname), '[]')
  FROM pg_constraint f
  JOIN pg_class t ON t.oid = f.confrelid
  JOIN pg_namespace tn ON tn.oid = t.relnamespace
  WHERE f.conrelid = c.oid AND f.contype = 'f')`;

/** The bits of tgtype: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead of. */
const triggersJson = `(SELECT coalesce(json_agg(json_build_object(
    'name', g.tgname,
    'events', array_remove(ARRAY[
      CASE WHEN g.tgtype & 4 <> 0 THEN 'insert' END, CASE WHEN g.tgtype & 16 <> 0 THEN 'update' END,
      CASE WHEN g.tgtype & 8 <> 0 THEN 'delete' END, CASE WHEN g.tgtype & 32 <> 0 THEN 'truncate' END], NULL),
    'timing', CASE WHEN g.tgtype & 64 <> 0 THEN 'instead of' WHEN g.tgtype & 2 <> 0 THEN 'before' ELSE 'after' END,
    'level', CASE WHEN g.tgtype & 1 <> 0 THEN 'row' ELSE 'statement' END,
    'routine', g.tgfoid::int8,
    'definition', pg_get_triggerdef(g.oid)
  ) ORDER BY g.tgname), '[]')
  FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A'))`;

/** Role 0 is PUBLIC. */
const policiesJson = `(SELECT coalesce(json_agg(json_build_object(
    'name', o.polname,
    'command', CASE o.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
      WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'roles', ARRAY(SELECT CASE WHEN r.oid = 0 THEN 'public' ELSE pg_get_userbyid(r.oid) END
      FROM unnest(o.polroles) AS r (oid) ORDER BY 1),
    'using', pg_get_expr(o.polqual, o.polrelid),
    'check', pg_get_expr(o.polwithcheck, o.polrelid)
  ) ORDER BY o.polname), '[]')
  FROM pg_policy o WHERE o.polrelid = c.oid)`;
