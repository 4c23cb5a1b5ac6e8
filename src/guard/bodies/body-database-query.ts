/** The SQL that gives views, rights and settings as JSON in the shape of `Rights`. */

export interface Rights {
  readonly role: string | null;
  readonly routines: readonly number[];
  readonly schemas: readonly string[];
  readonly relations: readonly { readonly oid: number; readonly rights: readonly string[] }[];
  readonly memberOf: readonly string[];
  readonly bypassing: readonly string[];
  readonly settings: readonly string[];
  readonly views: readonly {
    readonly oid: number;
    readonly definition: string;
    readonly securityInvoker: boolean;
  }[];
}

/**
 * One row whose column `result` is `Rights`; all lists are empty, and `role` null, when there is no such role.
 * `role` is an SQL expression of type name. What ALTER ROLE sets stands before what ALTER DATABASE sets.
 */
export function rightsQuery(role: string): string {
  return `SELECT json_build_object(
  'role', (SELECT rolname FROM pg_roles WHERE rolname = ${role}),
  'routines', (SELECT coalesce(json_agg(p.oid::int8), '[]') FROM pg_proc p, pg_roles r
    WHERE r.rolname = ${role} AND p.pronamespace <> 'pg_catalog'::regnamespace
      AND has_function_privilege(r.oid, p.oid, 'EXECUTE')),
  'schemas', (SELECT coalesce(json_agg(n.nspname), '[]') FROM pg_namespace n, pg_roles r
    WHERE r.rolname = ${role} AND has_schema_privilege(r.oid, n.oid, 'USAGE')),
  'relations', (SELECT coalesce(json_agg(json_build_object('oid', c.oid::int8, 'rights', array_remove(ARRAY[
      CASE WHEN has_any_column_privilege(r.oid, c.oid, 'SELECT') THEN 'select' END,
      CASE WHEN has_any_column_privilege(r.oid, c.oid, 'INSERT') THEN 'insert' END,
      CASE WHEN has_any_column_privilege(r.oid, c.oid, 'UPDATE') THEN 'update' END,
      CASE WHEN has_table_privilege(r.oid, c.oid, 'DELETE') THEN 'delete' END,
      CASE WHEN has_table_privilege(r.oid, c.oid, 'TRUNCATE') THEN 'truncate' END], NULL))), '[]')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_roles r
    WHERE r.rolname = ${role} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
  'memberOf', (SELECT coalesce(json_agg(m.rolname), '[]') FROM pg_roles m, pg_roles r
    WHERE r.rolname = ${role} AND pg_has_role(r.oid, m.oid, 'USAGE')),
  'bypassing', (SELECT coalesce(json_agg(rolname), '[]') FROM pg_roles WHERE rolsuper OR rolbypassrls),
  'settings', (SELECT coalesce(json_agg(e.entry ORDER BY s.setrole = 0, s.setdatabase = 0), '[]')
    FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) AS e (entry)
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = ${role}))),
  'views', (SELECT coalesce(json_agg(json_build_object(
      'oid', c.oid::int8, 'definition', pg_get_viewdef(c.oid),
      'securityInvoker', coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false))), '[]')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
) AS result`;
}
