/** SQL that prints operators and casts as the statements that make them. */
import { ofNoExtension, userSchema } from './definitions-scope.js';

const operatorName = (oid: string): string =>
  `(SELECT format('OPERATOR(%I.%s)', m.nspname, q.oprname) FROM pg_operator q JOIN pg_namespace m ON m.oid = q.oprnamespace WHERE q.oid = ${oid})`;

/** A commutator or negator that comes later is a shell until then. Without a function one is such a shell itself. */
export const operatorsQuery = `SELECT 'operator ' || o.oid::regoperator AS object,
  format('CREATE OPERATOR %I.%s (FUNCTION = %s%s%s%s%s%s%s%s%s)', n.nspname, o.oprname, o.oprcode::regproc,
    CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || format_type(o.oprleft, NULL) END,
    CASE WHEN o.oprright <> 0 THEN ', RIGHTARG = ' || format_type(o.oprright, NULL) END,
    ', COMMUTATOR = ' || ${operatorName('o.oprcom')},
    ', NEGATOR = ' || ${operatorName('o.oprnegate')},
    CASE WHEN o.oprrest <> 0 THEN ', RESTRICT = ' || o.oprrest::regproc END,
    CASE WHEN o.oprjoin <> 0 THEN ', JOIN = ' || o.oprjoin::regproc END,
    CASE WHEN o.oprcanhash THEN ', HASHES' END,
    CASE WHEN o.oprcanmerge THEN ', MERGES' END) AS sql
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0 AND ${userSchema} AND ${ofNoExtension('pg_operator', 'o.oid')}
ORDER BY o.oid`;

/** Below this OID they are of initdb. The cast of a range to its multirange comes with the range. */
export const castsQuery = `SELECT 'cast (' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ')' AS object,
  format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
    CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
    CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END) AS sql
FROM pg_cast c
WHERE c.oid >= 16384 AND ${ofNoExtension('pg_cast', 'c.oid')}
  AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = c.oid AND i.deptype = 'i')
ORDER BY c.oid`;
