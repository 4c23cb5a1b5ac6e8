/** SQL that prints tables and what belongs to their columns as the statements that make them. */
import { sequenceOptions } from './definitions-names.js';
import { ofNoExtension, userSchema } from './definitions-scope.js';

const ofUserTable = `${userSchema} AND ${ofNoExtension('pg_class', 'c.oid')}`;

/** Inherited columns come from the parent. */
const columns = `(SELECT string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> t.typcollation THEN format(' COLLATE %I.%I', cn.nspname, co.collname) END,
    CASE
      WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
        CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END)
      WHEN a.attidentity <> '' THEN format(' GENERATED %s AS IDENTITY (%s)',
        CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, ${identityOptions()})
    END,
    CASE WHEN a.attnotnull THEN ' NOT NULL' END), ', ' ORDER BY a.attnum)
  FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_collation co ON co.oid = a.attcollation
  LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal)`;

function identityOptions(): string {
  return `(SELECT format('SEQUENCE NAME %s ', s.seqrelid::regclass) || ${sequenceOptions}
    FROM pg_depend i JOIN pg_sequence s ON s.seqrelid = i.objid
    WHERE i.classid = 'pg_class'::regclass AND i.refobjid = a.attrelid AND i.refobjsubid = a.attnum AND i.deptype = 'i')`;
}

const parents = `(SELECT string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno)
  FROM pg_inherits h WHERE h.inhrelid = c.oid)`;

/** A foreign table becomes an ordinary one, so that what reads it can run. */
export const tablesQuery = `SELECT 'table ' || c.oid::regclass AS object,
  CASE WHEN c.relispartition
    THEN format('CREATE TABLE %s PARTITION OF %s %s', c.oid::regclass, ${parents}, pg_get_expr(c.relpartbound, c.oid))
    ELSE format('CREATE %sTABLE %s (%s)%s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, c.oid::regclass,
      ${columns}, ' INHERITS (' || ${parents} || ')')
  END || coalesce(' PARTITION BY ' || pg_get_partkeydef(c.oid), '') AS sql
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND ${ofUserTable}
ORDER BY c.oid`;

export const defaultsQuery = `SELECT 'default of ' || c.oid::regclass || '.' || quote_ident(a.attname) AS object,
  format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', c.oid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)) AS sql
FROM pg_attrdef d
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
JOIN pg_class c ON c.oid = d.adrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attgenerated = '' AND NOT a.attisdropped AND ${ofUserTable}
ORDER BY c.relkind = 'v', d.oid`;

/** A child may forbid the NULL that its parent allows. */
export const notNullsQuery = `SELECT 'not null of ' || c.oid::regclass || '.' || quote_ident(a.attname) AS object,
  format('ALTER TABLE ONLY %s ALTER COLUMN %I SET NOT NULL', c.oid::regclass, a.attname) AS sql
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND a.attnotnull AND a.attinhcount > 0 AND NOT a.attisdropped AND ${ofUserTable}
ORDER BY c.oid, a.attnum`;

const constraintsOf = (types: string): string => `SELECT
  'constraint ' || quote_ident(k.conname) || ' of ' || c.oid::regclass AS object,
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.oid::regclass, k.conname, pg_get_constraintdef(k.oid)) AS sql
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN (${types}) AND k.conislocal AND k.conparentid = 0 AND ${ofUserTable}
ORDER BY k.oid`;

/** Checks, primary keys, unique and exclusion constraints; those of partitions come from their parent. */
export const constraintsQuery = constraintsOf(`'p', 'u', 'x', 'c'`);

export const foreignKeysQuery = constraintsOf(`'f'`);

/** ON ONLY, as printed for a partitioned table, would leave its partitions without the index. */
export const uniqueIndexesQuery = `SELECT 'index ' || ic.oid::regclass AS object,
  CASE ic.relkind WHEN 'I' THEN regexp_replace(pg_get_indexdef(ic.oid), ' ON ONLY ', ' ON ') ELSE pg_get_indexdef(ic.oid) END AS sql
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisunique AND i.indisvalid AND NOT ic.relispartition AND ${ofUserTable}
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = ic.oid AND k.contype IN ('p', 'u', 'x'))
ORDER BY ic.oid`;
