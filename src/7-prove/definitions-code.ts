/** SQL that prints routines, views, rules and triggers as the statements that make them. */
import { ofNoExtension, userSchema } from './definitions-scope.js';

export const routinesQuery = `SELECT 'routine ' || p.oid::regprocedure AS object, pg_get_functiondef(p.oid) AS sql
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind <> 'a' AND ${userSchema} AND ${ofNoExtension('pg_proc', 'p.oid')}
ORDER BY p.oid`;

/** Moving-aggregate support is an optimisation and is left out. */
export const aggregatesQuery = `SELECT 'aggregate ' || p.oid::regprocedure AS object,
  format('CREATE AGGREGATE %I.%I (%s) (SFUNC = %s, STYPE = %s%s%s%s%s%s)', n.nspname, p.proname,
    CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_identity_arguments(p.oid) END,
    g.aggtransfn, format_type(g.aggtranstype, NULL),
    CASE WHEN g.aggfinalfn <> 0 THEN ', FINALFUNC = ' || g.aggfinalfn END,
    CASE WHEN g.aggfinalextra THEN ', FINALFUNC_EXTRA' END,
    CASE WHEN g.aggcombinefn <> 0 THEN ', COMBINEFUNC = ' || g.aggcombinefn END,
    CASE WHEN g.agginitval IS NOT NULL THEN ', INITCOND = ' || quote_literal(g.agginitval) END,
    CASE WHEN g.aggkind = 'h' THEN ', HYPOTHETICAL' END) AS sql
FROM pg_aggregate g JOIN pg_proc p ON p.oid = g.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE ${userSchema} AND ${ofNoExtension('pg_proc', 'p.oid')}
ORDER BY p.oid`;

/** In the order of their OIDs, which is that of their making unless one was replaced. */
export const viewsQuery = `SELECT CASE c.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || c.oid::regclass AS object,
  format('CREATE %sVIEW %s%s AS %s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' END, c.oid::regclass,
    CASE WHEN c.relkind = 'v' THEN ' WITH (' || array_to_string(c.reloptions, ', ') || ')' END,
    rtrim(pg_get_viewdef(c.oid), ';')) AS sql
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND ${userSchema} AND ${ofNoExtension('pg_class', 'c.oid')}
ORDER BY c.oid`;

export const rulesQuery = `SELECT 'rule ' || quote_ident(r.rulename) || ' on ' || c.oid::regclass AS object, pg_get_ruledef(r.oid) AS sql
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND ${userSchema} AND ${ofNoExtension('pg_class', 'c.oid')}
ORDER BY r.oid`;

/** A partition's copy of its parent's trigger comes with the parent's. tgparentid exists from 13. */
export function triggersQuery(major: number): string {
  return `SELECT 'trigger ' || quote_ident(t.tgname) || ' on ' || c.oid::regclass AS object,
  pg_get_triggerdef(t.oid) || CASE WHEN t.tgenabled <> 'O' THEN format('; ALTER TABLE %s %s TRIGGER %I', c.oid::regclass,
    CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname)
  ELSE '' END AS sql
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal ${major >= 13 ? 'AND t.tgparentid = 0' : ''} AND ${userSchema} AND ${ofNoExtension('pg_class', 'c.oid')}
ORDER BY t.oid`;
}

/** Neither initdb's own (their OIDs are below 16384), nor an extension's, nor a part of something else. */
export const omittedQuery = `SELECT i.type || ' ' || i.identity AS object
FROM (
  SELECT 'pg_opclass'::regclass AS classid, oid FROM pg_opclass
  UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
  UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
  UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
  UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
  UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
  UNION ALL SELECT 'pg_class'::regclass, oid FROM pg_class WHERE relkind = 'f'
) o CROSS JOIN LATERAL pg_identify_object(o.classid, o.oid, 0) i
WHERE o.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend x
    WHERE x.classid = o.classid AND x.objid = o.oid AND x.objsubid = 0 AND x.deptype IN ('e', 'i'))
ORDER BY 1`;
