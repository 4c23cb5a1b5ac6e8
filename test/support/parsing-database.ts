/** One PGlite for a test file, as the port that parsing needs, with a small reading of its catalog. */
import { PGlite } from '@electric-sql/pglite';
import type { Catalog, PgType, Relation, Routine } from '../../src/1-read/catalog.js';
import type { Database, DescribeAnswer } from '../../src/io/database.js';

export interface ParsingDatabase {
  readonly db: Database;
  exec(sql: string): Promise<void>;
  catalog(): Promise<Catalog>;
  /** Sizes of the describe calls so far. */
  readonly batches: number[];
  close(): Promise<void>;
}

export async function parsingDatabase(schema: string): Promise<ParsingDatabase> {
  const pglite = await PGlite.create();
  await pglite.exec(schema);
  const batches: number[] = [];
  const db: Database = {
    kind: 'embedded',
    label: 'test',
    serverVersion: '18',
    notes: [],
    query: () => Promise.reject(new Error('parsing executes nothing')),
    describe: async (requests) => {
      batches.push(requests.length);
      const answers: DescribeAnswer[] = [];
      for (const request of requests)
        answers.push(await describeOne(pglite, request.text, request.parameterTypes ?? []));
      return answers;
    },
    close: () => pglite.close(),
  };
  return {
    db,
    batches,
    exec: async (sql) => void (await pglite.exec(sql)),
    catalog: () => readTestCatalog(pglite),
    close: () => pglite.close(),
  };
}

async function describeOne(pglite: PGlite, text: string, types: readonly number[]): Promise<DescribeAnswer> {
  try {
    const { queryParams, resultFields } = await pglite.describeQuery(text, {
      paramTypes: [...types],
    });
    return {
      ok: true,
      parameters: queryParams.map((each) => each.dataTypeID),
      columns: resultFields.map((each) => ({
        name: each.name,
        type: each.dataTypeID,
        typmod: -1,
        table: 0,
        column: 0,
      })),
    };
  } catch (error) {
    const failure = error as { code?: string; message: string; position?: string };
    return {
      ok: false,
      failure: {
        sqlstate: failure.code ?? 'XX000',
        message: failure.message,
        detail: null,
        hint: null,
        position: failure.position === undefined ? null : Number(failure.position),
      },
    };
  }
}

async function rows<T>(pglite: PGlite, sql: string): Promise<T[]> {
  return (await pglite.query<{ j: T }>(sql)).rows.map((row) => row.j);
}

async function readTestCatalog(pglite: PGlite): Promise<Catalog> {
  const types = await rows<PgType>(
    pglite,
    `select json_build_object('oid', t.oid::int, 'schema', n.nspname, 'name', t.typname, 'sqlName', format_type(t.oid, null),
       'kind', case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite' when 'p' then 'pseudo' when 'r' then 'range' when 'm' then 'multirange' else 'base' end,
       'category', t.typcategory, 'preferred', t.typispreferred, 'element', t.typelem::int, 'array', t.typarray::int, 'enumLabels', '[]'::json,
       'baseType', t.typbasetype::int, 'notNull', t.typnotnull, 'relation', t.typrelid::int) as j
     from pg_type t join pg_namespace n on n.oid = t.typnamespace`,
  );
  const relations = await rows<Relation>(
    pglite,
    `select json_build_object('oid', c.oid::int, 'schema', n.nspname, 'name', c.relname,
       'kind', case c.relkind when 'v' then 'view' when 'm' then 'materialized-view' when 'c' then 'composite' when 'S' then 'sequence' else 'table' end,
       'rowType', c.reltype::int, 'owner', 'postgres', 'extension', null, 'keys', (select coalesce(json_agg(json_build_object('name', k.relname, 'columns', (select json_agg(a.attname order by u.n) from unnest(i.indkey::int[]) with ordinality u(c, n) left join pg_attribute a on a.attrelid = c.oid and a.attnum = u.c), 'primary', i.indisprimary, 'predicate', pg_get_expr(i.indpred, c.oid), 'deferrable', not i.indimmediate, 'nullsNotDistinct', i.indnullsnotdistinct)), '[]') from pg_index i join pg_class k on k.oid = i.indexrelid where i.indrelid = c.oid and i.indisunique), 
       'foreignKeys', '[]'::json,
       'rowSecurity', c.relrowsecurity, 'forceRowSecurity', false,
       'policies', (select coalesce(json_agg(json_build_object('name', p.polname, 'command', 'ALL', 'roles', '[]'::json, 'using', null, 'check', null)), '[]') from pg_policy p where p.polrelid = c.oid),
       'triggers', (select coalesce(json_agg(json_build_object('name', g.tgname, 'events', '["insert", "update"]'::json, 'timing', 'before', 'level', 'row', 'routine', g.tgfoid::int, 'definition', '')), '[]') from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal),
       'columns', (select coalesce(json_agg(json_build_object('name', a.attname, 'number', a.attnum, 'type', a.atttypid::int, 'typmod', a.atttypmod, 'notNull', a.attnotnull, 'default', null, 'generated', false, 'identity', null) order by a.attnum), '[]') from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)) as j
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'v', 'm', 'c', 'S', 'p')`,
  );
  const routines = await rows<Routine>(
    pglite,
    `select json_build_object('oid', p.oid::int, 'schema', n.nspname, 'name', p.proname,
       'kind', case p.prokind when 'f' then 'function' when 'p' then 'procedure' when 'a' then 'aggregate' else 'window' end, 'language', l.lanname,
       'arguments', (select coalesce(json_agg(json_build_object('name', nullif(p.proargnames[u.n], ''), 'type', u.t::int,
           'mode', case p.proargmodes[u.n] when 'o' then 'out' when 'b' then 'inout' when 'v' then 'variadic' when 't' then 'table' else 'in' end,
           'default', pg_get_function_arg_default(p.oid, u.n::int)) order by u.n), '[]') from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality u(t, n)),
       'returnType', p.prorettype::int, 'returnsSet', p.proretset, 'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
       'strict', p.proisstrict, 'securityDefiner', p.prosecdef, 'leakproof', false, 'configuration', coalesce(to_json(p.proconfig), '[]'::json),
       'source', p.prosrc, 'sqlBody', pg_get_function_sqlbody(p.oid), 'definition', null, 'extension', null, 'owner', 'postgres', 'executable', true, 'usedBy', '[]'::json) as j
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
     where n.nspname not in ('pg_catalog', 'information_schema')`,
  );
  const builtins = await rows<{
    name: string;
    volatile: boolean;
    returnsSet: boolean;
    aggregate: boolean;
    window: boolean;
  }>(
    pglite,
    `select json_build_object('name', proname, 'volatile', bool_or(provolatile = 'v'), 'returnsSet', bool_or(proretset), 'aggregate', bool_or(prokind = 'a'), 'window', bool_or(prokind = 'w')) as j
     from pg_proc where pronamespace = 'pg_catalog'::regnamespace group by proname`,
  );
  const path = await rows<string[]>(pglite, 'select to_json(current_schemas(true)) as j');
  return {
    serverVersionNumber: 180000,
    searchPath: path[0] ?? [],
    currentUser: 'postgres',
    routines,
    relations,
    types: new Map(types.map((type) => [type.oid, type])),
    builtins: new Map(builtins.map(({ name, ...facts }) => [name, facts])),
    extensions: [],
    notVisible: [],
  };
}
