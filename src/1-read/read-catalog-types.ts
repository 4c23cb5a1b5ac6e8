/** The SQL that gives types as JSON in the shape of catalog.ts. */

/**
 * All of pg_catalog's types but the row types of its tables, all of the users', and whatever else a
 * user's column or routine mentions. Only true arrays have an element here: point and name do not.
 */
export function typesQuery(): string {
  return `${used}
SELECT json_agg(json_build_object(
  'oid', t.oid::int8,
  'schema', n.nspname,
  'name', t.typname,
  'sqlName', format_type(t.oid, NULL),
  'kind', CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range'
    WHEN 'm' THEN 'multirange' WHEN 'p' THEN 'pseudo' ELSE 'base' END,
  'category', t.typcategory,
  'preferred', t.typispreferred,
  'element', (CASE WHEN t.typlen = -1 THEN t.typelem ELSE 0 END)::int8,
  'array', t.typarray::int8,
  'enumLabels', ARRAY(SELECT v.enumlabel FROM pg_enum v WHERE v.enumtypid = t.oid ORDER BY v.enumsortorder),
  'baseType', t.typbasetype::int8,
  'notNull', t.typnotnull,
  'checks', ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'
    ORDER BY k.conname),
  'relation', t.typrelid::int8
)) AS result
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_type l ON l.oid = t.typelem AND t.typlen = -1
WHERE n.nspname !~ '^pg_(toast|temp)'
  AND (n.nspname NOT IN ('pg_catalog', 'information_schema')
    OR n.nspname = 'pg_catalog' AND t.typtype <> 'c' AND l.typtype IS DISTINCT FROM 'c'
    OR t.oid IN (SELECT type FROM used UNION SELECT m.typelem FROM pg_type m JOIN used ON used.type = m.oid
      UNION SELECT m.typbasetype FROM pg_type m JOIN used ON used.type = m.oid))`;
}

const used = `WITH used (type) AS (
  SELECT a.atttypid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION
  SELECT unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
)`;
