/** SQL that prints row level security as the statements that make it. */
import { ofNoExtension, userSchema } from './definitions-scope.js';

const ofUserTable = `${userSchema} AND ${ofNoExtension('pg_class', 'c.oid')}`;

export const rowSecurityQuery = `SELECT 'row security of ' || c.oid::regclass AS object,
  format('ALTER TABLE %s %s ROW LEVEL SECURITY', c.oid::regclass, mode.word) AS sql
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN (VALUES ('ENABLE'), ('FORCE')) AS mode (word)
  ON CASE mode.word WHEN 'ENABLE' THEN c.relrowsecurity ELSE c.relforcerowsecurity END
WHERE ${ofUserTable}
ORDER BY c.oid`;

/** Role 0 is PUBLIC. */
export const policiesQuery = `SELECT 'policy ' || quote_ident(p.polname) || ' on ' || c.oid::regclass AS object,
  format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, c.oid::regclass,
    CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    (SELECT string_agg(CASE WHEN o.oid = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o.oid)) END, ', ')
      FROM unnest(p.polroles) AS o (oid)),
    ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') AS sql
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${ofUserTable}
ORDER BY p.oid`;
