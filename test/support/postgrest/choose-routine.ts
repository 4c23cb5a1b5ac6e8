/** The function that a request means, by its name and the names of its arguments (section "Functions as RPC"). */
import { sql } from 'drizzle-orm';
import type { Session } from './answer-request.js';
import { refusal } from './failure.js';
import type { Asked } from './read-request.js';

export interface Parameter {
  /** Empty when it has none. */
  readonly name: string;
  readonly type: string;
  readonly variadic: boolean;
}

export interface ChosenRoutine {
  readonly volatile: boolean;
  readonly set: boolean;
  readonly result: 'void' | 'row' | 'value';
  /** Those that the request gives, in its order. */
  readonly given: readonly Parameter[];
  /** The whole body is the one argument, which has no name. */
  readonly wholeBody: boolean;
}

interface Row extends Record<string, unknown> {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly optional: number;
  readonly variadic: boolean;
  readonly volatile: boolean;
  readonly set: boolean;
  readonly result: ChosenRoutine['result'];
}

/** Throws PGRST202 where none takes the arguments, PGRST203 where several do. */
export async function chooseRoutine(db: Session, asked: Asked): Promise<ChosenRoutine> {
  const routines = await readRoutines(db, asked.schema, asked.name);
  const { body } = asked;
  if (body.kind === 'raw') return unnamed(routines, body.type) ?? none(asked, []);
  const given = body.kind === 'json' ? body.keys : argumentsAmong(body.pairs, routines);
  const fitting = routines.filter((one) => takes(one, given));
  const [found, other] = fitting;
  if (found !== undefined && other === undefined) {
    const parameters = parametersOf(found);
    return {
      ...found,
      wholeBody: false,
      given: given.flatMap((key) => parameters.find(({ name }) => name === key) ?? []),
    };
  }
  if (found !== undefined) return several(asked, fitting);
  const fallback = body.kind === 'json' ? (unnamed(routines, 'json') ?? unnamed(routines, 'jsonb')) : null;
  return fallback ?? none(asked, given);
}

async function readRoutines(db: Session, schema: string, name: string): Promise<readonly Row[]> {
  const { rows } = await db.execute<Row>(sql`
    select
      coalesce(
        (select array_agg(coalesce(name, '') order by place)
         from unnest(proargnames, proargmodes) with ordinality as argument(name, mode, place)
         where coalesce(mode, 'i') in ('i', 'b', 'v')),
        array_fill(''::text, array[pronargs::int])) as names,
      array(select format_type(type, null) from unnest(proargtypes) with ordinality as argument(type, place)
            order by place) as types,
      pronargdefaults as optional,
      provariadic <> 0 as variadic,
      provolatile = 'v' as volatile,
      proretset as "set",
      case
        when prorettype = 'void'::regtype then 'void'
        when proargmodes::text[] && '{t,b,o}' or typtype = 'c' then 'row'
        else 'value'
      end as result
    from pg_proc join pg_type on pg_type.oid = prorettype
    where proname = ${name} and pronamespace = (select oid from pg_namespace where nspname = ${schema})
      and prokind = 'f'`);
  return rows;
}

function parametersOf({ names, types, variadic }: Row): Parameter[] {
  return types.map((type, index) => ({
    name: names[index] ?? '',
    type,
    variadic: variadic && index === types.length - 1,
  }));
}

function takes({ names, types, optional }: Row, given: readonly string[]): boolean {
  const needed = names.slice(0, types.length - optional);
  return given.every((one) => names.includes(one)) && needed.every((one) => given.includes(one));
}

/** In a query string the rest are filters, which hold an operator, and what the result is asked for. */
function argumentsAmong(pairs: readonly (readonly [string, string])[], routines: readonly Row[]): string[] {
  const keys = pairs
    .filter(
      ([key, value]) =>
        !reserved.has(key) && (routines.some(({ names }) => names.includes(key)) || !operator.test(value)),
    )
    .map(([key]) => key);
  return [...new Set(keys)];
}

const reserved: ReadonlySet<string> = new Set([
  'select',
  'order',
  'limit',
  'offset',
  'columns',
  'and',
  'or',
  'not.and',
  'not.or',
]);
const operator = /^(not\.)?[a-z]+(\([a-z]+\))?\./;

function unnamed(routines: readonly Row[], type: string): ChosenRoutine | null {
  const found = routines.find(
    (one) => one.types.length === 1 && one.types[0] === type && one.names[0] === '',
  );
  return found === undefined ? null : { ...found, wholeBody: true, given: parametersOf(found) };
}

function none({ schema, name, body }: Asked, given: readonly string[]): never {
  const routine = `${schema}.${name}`;
  if (body.kind === 'raw') {
    throw refusal('PGRST202', `Could not find the function ${routine} in the schema cache`, {
      details: `Searched for the function ${routine} with a single unnamed ${body.type} parameter, but no matches were found in the schema cache.`,
    });
  }
  const list = given.join(', ');
  const shown = given.length === 0 ? ' without parameters' : `(${list})`;
  const said = given.length === 0 ? shown : ` with parameter${given.length > 1 ? 's' : ''} ${list}`;
  const or = body.kind === 'json' ? ' or with a single unnamed json/jsonb parameter' : '';
  throw refusal('PGRST202', `Could not find the function ${routine}${shown} in the schema cache`, {
    details: `Searched for the function ${routine}${said}${or}, but no matches were found in the schema cache.`,
  });
}

function several({ schema, name }: Asked, fitting: readonly Row[]): never {
  const signatures = fitting
    .map((one) => parametersOf(one).map((parameter) => `${parameter.name} => ${parameter.type}`))
    .map((parameters) => `${schema}.${name}(${parameters.join(', ')})`);
  throw refusal(
    'PGRST203',
    `Could not choose the best candidate function between: ${signatures.join(', ')}`,
    {
      hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
    },
  );
}
