/** The SQL that gives routines and built-in names as JSON in the shape of catalog.ts. */

/**
 * Every routine outside the system's schemas. Those of extensions come without source and definition:
 * they are never translated. `major` is the server's version; BEGIN ATOMIC exists from 14.
 */
export function routinesQuery(major: number): string {
  const sqlBody =
    major >= 14 ? 'CASE WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) END' : 'NULL::text';
  return `SELECT coalesce(json_agg(json_build_object(
  'oid', p.oid::int8,
  'schema', n.nspname,
  'name', p.proname,
  'kind', CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' ELSE 'function' END,
  'language', l.lanname,
  'arguments', ${argumentsJson},
  'returnType', p.prorettype::int8,
  'returnsSet', p.proretset,
  'volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
  'strict', p.proisstrict,
  'securityDefiner', p.prosecdef,
  'leakproof', p.proleakproof,
  'configuration', coalesce(p.proconfig, '{}'),
  'source', CASE WHEN e.extname IS NULL THEN p.prosrc ELSE '' END,
  'sqlBody', CASE WHEN e.extname IS NULL THEN ${sqlBody} END,
  'definition', CASE WHEN e.extname IS NULL AND p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END,
  'extension', e.extname,
  'owner', pg_get_userbyid(p.proowner),
  'executable', has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE'),
  'usedBy', ${usedByJson}
) ORDER BY n.nspname, p.proname, p.oid), '[]') AS result
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
LEFT JOIN pg_depend x ON x.classid = 'pg_proc'::regclass AND x.objid = p.oid AND x.deptype = 'e'
LEFT JOIN pg_extension e ON e.oid = x.refobjid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
}

const argumentsJson = `(SELECT coalesce(json_agg(json_build_object(
    'name', nullif(p.proargnames[a.i], ''),
    'type', a.type::int8,
    'mode', CASE p.proargmodes[a.i] WHEN 'o' THEN 'out' WHEN 'b' THEN 'inout' WHEN 'v' THEN 'variadic'
      WHEN 't' THEN 'table' ELSE 'in' END,
    'default', CASE WHEN p.pronargdefaults > 0 THEN pg_get_function_arg_default(p.oid, a.i::int) END
  ) ORDER BY a.i), '[]')
  FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a (type, i))`;

/** A view's dependency is recorded by its rule, which is not what a person calls it. */
const usedByJson = `(SELECT coalesce(json_agg(u.words ORDER BY u.words), '[]') FROM (
    SELECT DISTINCT CASE
      WHEN c.oid IS NOT NULL AND c.relkind IN ('v', 'm')
        THEN CASE c.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END
          || quote_ident(cn.nspname) || '.' || quote_ident(c.relname)
      ELSE i.type || ' ' || i.identity END AS words
    FROM pg_depend d
    CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) i
    LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    LEFT JOIN pg_class c ON c.oid = r.ev_class
    LEFT JOIN pg_namespace cn ON cn.oid = c.relnamespace
    WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid AND d.deptype IN ('n', 'a')
      AND NOT (d.classid = 'pg_proc'::regclass AND d.objid = p.oid)
  ) u)`;

/** The names of pg_catalog's routines; a flag is true when it is true of one overload. */
export function builtinsQuery(): string {
  return `SELECT json_agg(json_build_object(
  'name', b.proname, 'volatile', b.volatile, 'returnsSet', b.set, 'aggregate', b.aggregate, 'window', b.window
)) AS result
FROM (
  SELECT proname, bool_or(provolatile = 'v') AS volatile, bool_or(proretset) AS set,
    bool_or(prokind = 'a') AS aggregate, bool_or(prokind = 'w') AS "window"
  FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY proname
) b`;
}
