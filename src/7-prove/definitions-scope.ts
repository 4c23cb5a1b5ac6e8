/** Conditions that every query of the definitions shares. */

/** The namespace `n` is not the system's. */
export const userSchema = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** The object is no part of an extension, which brings its own. */
export function ofNoExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend x
    WHERE x.classid = '${catalog}'::regclass AND x.objid = ${oid} AND x.objsubid = 0 AND x.deptype = 'e')`;
}
