/** The function that a request means, from the catalog of the database that it runs on. */
import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';

export interface Described {
  /** Declared types of the input arguments by their names. */
  readonly types: ReadonlyMap<string, string>;
  readonly set: boolean;
  readonly result: 'void' | 'row' | 'value';
}

interface Row extends Record<string, unknown> {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly optional: number;
  readonly set: boolean;
  readonly result: Described['result'];
}

/** Fails as PostgREST does where none or several take the arguments. */
export async function findFunction(
  db: NodePgDatabase,
  schema: string,
  name: string,
  given: readonly string[],
): Promise<Described> {
  const { rows } = await db.execute<Row>(sql`
    select
      coalesce(proargnames[1:pronargs], '{}') as names,
      array(select format_type(type, null) from unnest(proargtypes) as type) as types,
      pronargdefaults as optional,
      proretset as "set",
      case
        when prorettype = 'void'::regtype then 'void'
        when proargmodes::text[] && '{t,b,o}' or typtype = 'c' or typname = 'record' then 'row'
        else 'value'
      end as result
    from pg_proc join pg_type on pg_type.oid = prorettype
    where proname = ${name} and pronamespace = ${schema}::regnamespace`);
  const fitting = rows.filter(({ names, optional }) => {
    const wanted = names.slice(0, names.length - optional);
    return given.every((one) => names.includes(one)) && wanted.every((one) => given.includes(one));
  });
  const [found, other] = fitting;
  if (found === undefined || other !== undefined) {
    const code = found === undefined ? 'PGRST202' : 'PGRST203';
    throw Object.assign(new Error(`${schema}.${name}(${given.join(', ')})`), { code });
  }
  const types = new Map(found.names.map((one, index) => [one, found.types[index] ?? 'text'] as const));
  return { types, set: found.set, result: found.result };
}
