/** SQL that prints roles, schemas, extensions, types and sequences as the statements that make them. */
import { ofNoExtension, userSchema } from './definitions-scope.js';

/** Roles that policies name, without login; the copy has the one of its superuser already. */
export const rolesQuery = `SELECT DISTINCT 'role ' || quote_ident(r.rolname) AS object,
  format('DO $role$ BEGIN CREATE ROLE %I NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $role$', r.rolname) AS sql
FROM pg_policy p CROSS JOIN unnest(p.polroles) AS o (oid) JOIN pg_roles r ON r.oid = o.oid
ORDER BY 1`;

export const schemasQuery = `SELECT 'schema ' || quote_ident(n.nspname) AS object,
  format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) AS sql
FROM pg_namespace n WHERE ${userSchema} AND ${ofNoExtension('pg_namespace', 'n.oid')}
ORDER BY n.oid`;

export const extensionsQuery = `SELECT 'extension ' || quote_ident(e.extname) AS object,
  format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I CASCADE', e.extname, n.nspname) AS sql
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname <> 'plpgsql' ORDER BY e.oid`;

/** Checks of domains come later: they may call functions. */
export const typesQuery = `SELECT 'type ' || format_type(t.oid, NULL) AS object, CASE t.typtype
  WHEN 'e' THEN format('CREATE TYPE %s AS ENUM (%s)', format_type(t.oid, NULL),
    (SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder) FROM pg_enum v WHERE v.enumtypid = t.oid))
  WHEN 'd' THEN format('CREATE DOMAIN %s AS %s%s%s%s', format_type(t.oid, NULL),
    format_type(t.typbasetype, t.typtypmod),
    CASE WHEN t.typcollation <> b.typcollation THEN format(' COLLATE %I.%I', cn.nspname, co.collname) END,
    CASE WHEN t.typdefault IS NOT NULL THEN ' DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) END,
    CASE WHEN t.typnotnull THEN ' NOT NULL' END)
  WHEN 'c' THEN format('CREATE TYPE %s AS (%s)', format_type(t.oid, NULL),
    (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
  ELSE format('CREATE TYPE %s AS RANGE (SUBTYPE = %s%s)', format_type(t.oid, NULL), format_type(r.rngsubtype, NULL),
    CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc END)
  END AS sql
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
LEFT JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_range r ON r.rngtypid = t.oid
LEFT JOIN pg_collation co ON co.oid = t.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
WHERE ${userSchema} AND ${ofNoExtension('pg_type', 't.oid')}
  AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
ORDER BY t.oid`;

export const domainChecksQuery = `SELECT 'check ' || quote_ident(k.conname) || ' of domain ' || format_type(t.oid, NULL) AS object,
  format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', format_type(t.oid, NULL), k.conname, pg_get_constraintdef(k.oid)) AS sql
FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE k.contype = 'c' AND ${userSchema} AND ${ofNoExtension('pg_type', 't.oid')}
ORDER BY k.oid`;

/** The options of a sequence `s`, as CREATE SEQUENCE and AS IDENTITY take them. */
export const sequenceOptions = `format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s',
  s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)`;

/** Those of identity columns are made with their tables. */
export const sequencesQuery = `SELECT 'sequence ' || c.oid::regclass AS object,
  format('CREATE SEQUENCE %s AS %s %s', c.oid::regclass, format_type(s.seqtypid, NULL), ${sequenceOptions}) AS sql
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${userSchema} AND ${ofNoExtension('pg_class', 'c.oid')}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
ORDER BY c.oid`;

export const sequenceOwnersQuery = `SELECT 'owner of sequence ' || c.oid::regclass AS object,
  format('ALTER SEQUENCE %s OWNED BY %s.%I', c.oid::regclass, d.refobjid::regclass, a.attname) AS sql
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
  AND d.deptype = 'a' AND d.refobjsubid > 0
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE c.relkind = 'S' AND ${userSchema} AND ${ofNoExtension('pg_class', 'c.oid')}
ORDER BY c.oid`;
