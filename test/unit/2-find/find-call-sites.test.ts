import { beforeAll, describe, expect, it } from 'vitest';
import type { CallSite } from '../../../src/2-find/call-site.js';
import { findCallSites } from '../../../src/2-find/find-call-sites.js';
import { mentions } from '../../../src/2-find/scan-names.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';

const names = {
  routines: new Set(['apply_payment', 'list_open', 'touch', 'close_all', 'Mixed Case', 'überweisen']),
  known: new Set(['now', 'count', 'lower', 'to_json', 'coalesce', 'uuid_generate_v4']),
};
const drizzle = "import { sql } from 'drizzle-orm';\n";
const postgres = "import postgres from 'postgres';\nconst sql = postgres(url);\n";

beforeAll(loadSqlParser);

function find(text: string, path = '/root/src/file.ts'): readonly CallSite[] {
  const sites = findCallSites({ path, text }, names, '/root');
  // A file that the scan passes over is never parsed.
  expect(sites.length === 0 || mentions(text, names)).toBe(true);
  return sites;
}

/** `kind form name reason` of each site, and the arguments where the call could be read. */
function summary(text: string, path?: string): readonly string[] {
  return find(text, path).map(({ kind, sender, routineName, refusal, call }) => {
    const list = call?.arguments.map(
      (one) => `${one.name === null ? '' : `${one.name}=`}${one.hole?.expression ?? one.sql}`,
    );
    return [
      kind,
      sender.form,
      routineName,
      refusal?.reason ?? 'ok',
      ...(refusal === null ? [`(${list?.join(', ') ?? ''})`] : []),
    ].join(' ');
  });
}

describe('calls that are the whole statement', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'drizzle template',
      `${drizzle}await db.execute(sql\`SELECT apply_payment(\${id}, \${amount})\`);`,
      'execute execute apply_payment ok (id, amount)',
    ],
    [
      'typed template',
      `${drizzle}await db.execute<Row>(sql<Row>\`SELECT apply_payment(\${id}) AS x\`);`,
      'execute execute apply_payment ok (id)',
    ],
    [
      'this.db in a class',
      `${drizzle}class A { run() { return this.db.execute(sql\`select touch()\`); } }`,
      'execute execute touch ok ()',
    ],
    [
      'an aliased import',
      "import { sql as s } from 'drizzle-orm';\nawait db.execute(s`select touch(${s.param(x.y)})`);",
      'execute execute touch ok (x.y)',
    ],
    [
      'optional chaining',
      `${drizzle}await db?.execute(sql\`select touch(\${a ?? b})\`);`,
      'execute execute touch ok (a ?? b)',
    ],
    ['sql.raw', `${drizzle}await db.execute(sql.raw('SELECT touch(1)'));`, 'execute execute touch ok (1)'],
    [
      'sql.raw of a name',
      `${drizzle}await db.execute(sql\`SELECT \${sql.raw('touch')}(\${a})\`);`,
      'execute execute touch ok (a)',
    ],
    [
      'sql.identifier of a literal',
      `${drizzle}await db.execute(sql\`SELECT \${sql.identifier('touch')}(\${a})\`);`,
      'execute execute touch ok (a)',
    ],
    [
      'sql.join of an array',
      `${drizzle}await db.execute(sql\`SELECT touch(\${sql.join([sql\`\${a}::int\`, sql\`\${b}\`], sql\`, \`)})\`);`,
      'execute execute touch ok (a, b)',
    ],
    [
      'a nested fragment',
      `${drizzle}const part = sql\`\${id}::int\`;\nawait db.execute(sql\`SELECT touch(\${part}, \${sql\`\${b}\`})\`);`,
      'execute execute touch ok (id, b)',
    ],
    [
      'a readonly property',
      "class A { private readonly text = 'select touch($1)'; run() { return this.pool.query(this.text, [1]); } }",
      'query query touch ok (1)',
    ],
    [
      'a static property',
      "class A { static readonly text = 'select touch($1)'; run() { return this.pool.query(A.text, [1]); } }",
      'query query touch ok (1)',
    ],
    [
      'require',
      "const { sql: s } = require('drizzle-orm');\ndb.execute(s`select touch(${s.param(a, encoder)})`);",
      'execute execute touch ok (s.param(a, encoder))',
    ],
    [
      'require of postgres',
      "const postgres = require('postgres');\nconst db = postgres(url);\nconst pending = db`select touch(${a})`;",
      'query tag touch ok (a)',
    ],
    ['a string', "await db.execute('select touch(1)');", 'execute execute touch ok (1)'],
    [
      'concatenated strings',
      "await db.execute('select ' + NAME + '(1)'); const NAME = 'touch';",
      'execute execute touch ok (1)',
    ],
    [
      'an array that is joined',
      "await db.execute(['select', 'touch(1)'].join(' '));",
      'execute execute touch ok (1)',
    ],
    [
      'query with values',
      "await pool.query('SELECT apply_payment($1, $2::numeric)', [id, total.toString()]);",
      'query query apply_payment ok (id, total.toString())',
    ],
    [
      'query with values out of order',
      "await pool.query('SELECT apply_payment($2, $1)', [a, b]);",
      'query query apply_payment ok (b, a)',
    ],
    [
      'a query object',
      "await pool.query({ name: 'q', text: 'CALL close_all($1)', values: [id] });",
      'query query close_all ok (id)',
    ],
    [
      'a query object in a constant',
      "const q = { text: 'CALL close_all($1)', values: [id] };\nawait pool.query(q);",
      'query query close_all ok (q.values[0])',
    ],
    [
      'values in a constant',
      "const values = [id];\nawait pool.query('CALL close_all($1)', values);",
      'query query close_all ok (values[0])',
    ],
    [
      'text in a constant',
      'const TEXT = `SELECT * FROM list_open($1)`;\nawait client.query<Row>(TEXT, [id]);',
      'query query list_open ok (id)',
    ],
    [
      'text in an object of constants',
      "const SQL = { open: 'SELECT * FROM list_open($1)' } as const;\nawait client.query(SQL.open, [id]);",
      'query query list_open ok (id)',
    ],
    [
      'postgres.js',
      `${postgres}const rows = await sql\`SELECT * FROM list_open(\${id})\`;`,
      'query tag list_open ok (id)',
    ],
    [
      'a postgres.js transaction',
      `${postgres}await sql.begin(async (tx) => { await tx\`select touch(\${id})\`; });`,
      'query tag touch ok (id)',
    ],
    [
      'a tag of another file',
      "import { sql } from './db.js';\nexport const f = () => sql`select touch(${id})`;",
      'query tag touch ok (id)',
    ],
    [
      'postgres.js unsafe',
      `${postgres}await sql.unsafe('select touch($1)', [id]);`,
      'query tag touch ok (id)',
    ],
    [
      'names with =>',
      `${drizzle}await db.execute(sql\`select apply_payment(amount => \${a}, agreement => \${b}::int)\`);`,
      'execute execute apply_payment ok (amount=a, agreement=b)',
    ],
    [
      'names with :=',
      `${drizzle}await db.execute(sql\`select apply_payment(amount := \${a})\`);`,
      'execute execute apply_payment ok (amount=a)',
    ],
    [
      'qualified',
      `${drizzle}await db.execute(sql\`select "app".touch(\${a})\`);`,
      'execute execute app.touch ok (a)',
    ],
    [
      'quoted',
      `${drizzle}await db.execute(sql\`select * from "Mixed Case"(\${a})\`);`,
      'execute execute Mixed Case ok (a)',
    ],
    [
      'upper case folds',
      `${drizzle}await db.execute(sql\`SELECT TOUCH(\${a})\`);`,
      'execute execute touch ok (a)',
    ],
    [
      'letters beyond ASCII',
      `${drizzle}const ü = '🙂é'; await db.execute(sql\`SELECT überweisen('é🙂', \${ü})\`);`,
      "execute execute überweisen ok ('é🙂', ü)",
    ],
    [
      'several lines, comments, CRLF',
      `${drizzle}await db.execute(sql\`\r\n  -- touch(1)\r\n  SELECT /* a, b */ touch(\r\n    \${a}, -- the first\r\n    'x, y'\r\n  ) AS "done";\r\n\`);`,
      "execute execute touch ok (a, 'x, y')",
    ],
    [
      'literals',
      "await db.execute('select touch(1, -2.50, true, null, E\\'a\\\\n\\', array[1,2], interval \\'1 day\\')');",
      "execute execute touch ok (1, -2.50, true, null, E'a\\n', array[1,2], interval '1 day')",
    ],
    [
      'VARIADIC',
      `${drizzle}await db.execute(sql\`select touch(variadic \${list}::int[])\`);`,
      'execute execute touch ok (list)',
    ],
    [
      '(f()).*',
      `${drizzle}await db.execute(sql\`select (list_open(\${a})).*\`);`,
      'execute execute list_open ok (a)',
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(summary(text)).toEqual([expected]);
  });

  it('finds calls in .tsx and .jsx files', () => {
    const text = `${drizzle}export const A = () => <p onClick={() => db.execute(sql\`select touch(\${a})\`)}>touch(1)</p>;`;
    expect(summary(text, '/root/a.tsx')).toEqual(['execute execute touch ok (a)']);
    expect(summary(text, '/root/a.jsx')).toEqual(['execute execute touch ok (a)']);
  });
});

describe('fragments that a query builder takes', () => {
  const cases: readonly (readonly [string, string, string | null, string | null])[] = [
    ['a selected field', 'db.select({ a: sql`touch(${t.id})` }).from(t)', 'SELECT', 'db'],
    ['an operand', 'this.db.delete(t).where(and(eq(t.a, 1), sql`touch(${t.id}) > 0`))', 'WHERE', 'this.db'],
    ['a sort key', 'tx.select().from(t).orderBy(sql`touch(${t.id}) desc`)', 'ORDER BY', 'tx'],
    ['a relational query', 'db.query.t.findMany({ where: sql`touch(${t.id}) > 0` })', 'WHERE', null],
    ['a builder that was begun elsewhere', 'query.where(sql`touch(${t.id}) > 0`)', 'WHERE', null],
  ];
  it.each(cases)('%s', (_name, text, clause, executor) => {
    const [site, more] = find(`import { and, eq } from 'drizzle-orm';\n${drizzle}await ${text};`);
    expect(more).toBeUndefined();
    expect(site?.refusal).toBeNull();
    expect(site?.embedded?.call.clause).toBe(clause);
    expect(site?.embedded?.fragment?.executor).toBe(executor);
  });
});

describe('requests', () => {
  it.each([
    ['rpc', "await client.rpc('touch', { a });", ['rpc rpc touch ok ()']],
    ['rpc of a built-in', "await client.rpc('now');", ['rpc rpc now ok ()']],
    ['rpc by a constant', "const NAME = 'touch';\nawait client.rpc(NAME).single();", ['rpc rpc touch ok ()']],
  ])('%s', (_name, text, expected) => {
    expect(summary(text)).toEqual(expected);
  });
});

describe('calls that are found and refused', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a computed name in sql.raw',
      `${drizzle}await db.execute(sql.raw(\`select \${name}(1)\`));`,
      ['execute execute ${name} computed-name'],
    ],
    [
      'a computed identifier',
      `${drizzle}await db.execute(sql\`select \${sql.identifier(name)}(\${a})\`);`,
      ['execute execute ${name} computed-name'],
    ],
    [
      'a name as a parameter',
      `${drizzle}await db.execute(sql\`select \${name}(\${a})\`);`,
      ['execute execute ${name} computed-name'],
    ],
    [
      'a computed schema',
      'await pool.query(`SELECT ${schema}.touch($1)`, [a]);',
      ['query query ${schema}.touch computed-name'],
    ],
    [
      'half a name',
      'await pool.query(`SELECT tou${rest}($1)`, [a]);',
      ['query query tou${rest} computed-name'],
    ],
    [
      'postgres.js identifier',
      `${postgres}await sql\`select \${sql(name)}(1)\`;`,
      ['query tag ${sql(name)} computed-name'],
    ],
    ['a pasted value', "await pool.query(`SELECT touch('${id}')`);", ['query query touch call-parse-error']],
    [
      'a value that no parameter takes',
      "await pool.query('SELECT touch($1)', [a, b]);",
      ['query query touch call-parse-error'],
    ],
    [
      'a parameter without a value',
      "await pool.query('SELECT touch($1)');",
      ['query query touch call-parse-error'],
    ],
    [
      'values that are not seen',
      "await pool.query('SELECT touch($1)', values);",
      ['query query touch call-parse-error'],
    ],
    [
      'text that does not parse',
      `${drizzle}await db.execute(sql\`SELECT touch(\${a}\`);`,
      ['execute execute touch call-parse-error'],
    ],
    [
      'rowMode',
      "await pool.query({ text: 'SELECT touch($1)', values: [a], rowMode: 'array' });",
      ['query query touch response-metadata'],
    ],
    [
      'a callback',
      "pool.query('SELECT touch($1)', [a], (error, result) => {});",
      ['query query touch response-metadata'],
    ],
    [
      '.values() of postgres.js',
      `${postgres}await sql\`select touch(1)\`.values();`,
      ['query tag touch response-metadata'],
    ],
    [
      'a larger statement',
      `${drizzle}await db.execute(sql\`SELECT *, touch(id) FROM \${table} WHERE a = \${b}\`);`,
      ['embedded execute touch ok (id)'],
    ],
    [
      'an INSERT into an interpolated table',
      `${drizzle}await db.execute(sql\`INSERT INTO \${table} (a) VALUES (touch(\${b}))\`);`,
      ['embedded execute touch ok (b)'],
    ],
    [
      'two in one statement',
      `${drizzle}await db.execute(sql\`SELECT touch(1), apply_payment(2)\`);`,
      ['embedded execute touch ok (1)', 'embedded execute apply_payment ok (2)'],
    ],
    [
      'two statements',
      `${drizzle}await db.execute(sql\`SELECT touch(1); CALL close_all(2)\`);`,
      ['embedded execute touch embedded', 'embedded execute close_all embedded'],
    ],
    [
      'one inside another',
      `${drizzle}await db.execute(sql\`SELECT apply_payment(touch(1))\`);`,
      ['embedded execute apply_payment embedded', 'embedded execute touch ok (1)'],
    ],
    [
      'inside a built-in',
      `${drizzle}await db.execute(sql\`SELECT to_json(touch(1))\`);`,
      ['embedded execute touch embedded'],
    ],
    [
      'with LIMIT',
      `${drizzle}await db.execute(sql\`SELECT * FROM list_open(1) LIMIT 2\`);`,
      ['embedded execute list_open ok (1)'],
    ],
    [
      'a DO block',
      "await pool.query('do $$ begin perform touch(1); end $$');",
      ['embedded query touch embedded'],
    ],
    [
      'fragments that GROUP BY compares or that several places may take',
      `${drizzle}const held = sql\`touch(\${t.id})\`;\ndb.select({ a: held }).from(t).groupBy(sql\`apply_payment(\${t.id})\`);`,
      ['embedded none touch embedded', 'embedded none apply_payment embedded'],
    ],
    [
      'a fragment in FROM',
      `${drizzle}db.select().from(sql\`touch(\${a})\`);`,
      ['embedded none touch embedded'],
    ],
    [
      'an unknown routine',
      `${drizzle}await db.execute(sql\`SELECT nosuch(\${a})\`);`,
      ['execute execute nosuch routine-not-found'],
    ],
    ['a constant for others', "export const TEXT = 'SELECT touch($1)';", ['query none touch no-client']],
    [
      'a constant that is sent here too',
      "export const TEXT = 'SELECT touch($1)';\nawait pool.query(TEXT, [a]);",
      ['query none touch no-client', 'query query touch ok (a)'],
    ],
    [
      'a constant that something else takes too',
      "const TEXT = 'SELECT touch($1)';\nawait pool.query(TEXT, [a]);\nregister(TEXT);",
      ['query none touch no-client', 'query query touch ok (a)'],
    ],
    [
      'a property that can change',
      "class A { text = 'select touch($1)'; run() { return this.pool.query(this.text, [1]); } }",
      ['query none touch no-client'],
    ],
    [
      'a variable',
      "let text = 'select touch($1)'; await pool.query(text, [1]);",
      ['query none touch no-client'],
    ],
    [
      'a parameter that hides a constant',
      "const text = 'select touch($1)'; const f = (text) => pool.query(text, [1]);",
      ['query none touch no-client'],
    ],
    ['an unknown sender', "await pool.any('SELECT touch(1)');", ['query none touch no-client']],
    ['a tag of Prisma', 'await prisma.$queryRaw`SELECT touch(${a})`;', ['query none touch no-client']],
    [
      'a statement for another function',
      `${drizzle}await run(sql\`SELECT touch(\${a})\`);`,
      ['query none touch no-client'],
    ],
    ['rpc with spread arguments', "await client.rpc('touch', { ...a });", ['rpc rpc touch ok ()']],
    ['rpc with arguments by name', "await client.rpc('touch', a);", ['rpc rpc touch ok ()']],
    [
      'rpc with a count',
      "await client.rpc('touch', { a }, { count: 'exact' });",
      ['rpc rpc touch response-metadata'],
    ],
    ['rpc in the browser', "'use client';\nawait client.rpc('touch', { a });", ['rpc rpc touch client-side']],
    ['rpc of no routine', "await client.rpc('nosuch', { a });", ['rpc rpc nosuch routine-not-found']],
    ['rpc of a computed name', 'await supabase.rpc(name, { a });', ['rpc rpc name computed-name']],
    [
      'rpc of one of two names',
      "await client.rpc(a ? 'touch' : 'list_open');",
      ['rpc rpc touch ok ()', 'rpc rpc list_open ok ()'],
    ],
    [
      'rpc of a parameter of two names',
      "async function send(name: 'touch' | 'list_open') {\n  await client.rpc(name);\n}",
      ['rpc rpc touch ok ()', 'rpc rpc list_open ok ()'],
    ],
    [
      'rpc of a name whose type an alias gives',
      "type Name = Kind | 'list_open';\ntype Kind = 'touch';\nconst send = ({ name }: { name: Name }) => client.rpc(name);",
      ['rpc rpc touch ok ()', 'rpc rpc list_open ok ()'],
    ],
    [
      'rpc of one of three names',
      "await client.rpc(a ? 'touch' : b ? 'list_open' : 'apply_payment');",
      ["rpc rpc a ? 'touch' : b ? 'list_open' : 'apply_payment' several-routines"],
    ],
    [
      'rpc of one of two names, of which the database has one',
      "await client.rpc(a ? 'touch' : 'nosuch');",
      ["rpc rpc a ? 'touch' : 'nosuch' several-routines"],
    ],
    [
      'rpc of a name that may be any text',
      "async function send(name: 'touch' | string) {\n  await supabase.rpc(name);\n}",
      ['rpc rpc name computed-name'],
    ],
    [
      'rpc of a name that hides one of a type',
      "async function send(name: 'touch' | 'list_open') {\n  { const name = pick();\n  await supabase.rpc(name); }\n}",
      ['rpc rpc name computed-name'],
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(summary(text)).toEqual(expected);
  });
});

describe('what is no site', () => {
  it.each([
    ['comments', '// SELECT touch(1)\n/* await pool.query("SELECT touch(1)") */'],
    ['prose', "const a = 'please call touch(1) first'; throw new Error('Call touch(1) first');"],
    ['log lines', "console.log('select touch(1)'); logger.info('call touch(1) now');"],
    ['a JavaScript function of the same name', 'touch(1); await this.apply_payment(2); select(touch(1));'],
    [
      'built-in functions',
      `${drizzle}await db.execute(sql\`SELECT now(), lower(\${a})\`); await db.execute(sql\`select uuid_generate_v4()\`);`,
    ],
    [
      'statements that define',
      "await pool.query('CREATE FUNCTION touch(a int) RETURNS int LANGUAGE sql AS $$ select 1 $$'); await pool.query('DROP FUNCTION touch(int)');",
    ],
    ['a name in a string constant', 'await pool.query("SELECT * FROM t WHERE note = \'touch(1)\'");'],
    ['other protocols', "await jsonRpcProvider.rpc('eth_blockNumber'); await other.rpc(name);"],
    ['another execute', 'await command.execute(input); await job.execute("touch(1)");'],
    [
      'an INSERT with an interpolated table only',
      `${drizzle}await db.execute(sql\`INSERT INTO \${t} (a) VALUES (\${b})\`);`,
    ],
    ['a type', "type Text = 'SELECT touch(1)';"],
  ])('%s', (_name, text) => {
    expect(summary(text)).toEqual([]);
  });
});

it('refuses a file with calls that does not parse, and leaves one without alone', () => {
  expect(() => find(`${drizzle}await db.execute(sql\`SELECT touch(1)\`;\nclass {`)).toThrow(
    expect.objectContaining({ code: 'file-syntax', title: 'src/file.ts:2:38 does not parse', exitCode: 2 }),
  );
  expect(find('const touch = ;')).toEqual([]);
});

it('puts long concatenations together', () => {
  const lines = Array.from({ length: 400 }, (_one, index) => `'  -- line ${String(index)}\\n'`).join(' +\n');
  expect(summary(`await db.execute(${lines} + 'select touch(1)');`)).toEqual([
    'execute execute touch ok (1)',
  ]);
  expect(summary("run(('select ' + 'touch(1)') + ' as x');")).toEqual(['query none touch no-client']);
  expect(summary(`export const TEXT = 'select ' + ${lines} + 'touch(1)';`)).toEqual([
    'query none touch no-client',
  ]);
});

it('tells an array that is one parameter from one that becomes a list', () => {
  const holes = find(`${drizzle}await db.execute(sql\`SELECT touch(\${sql.param(ids)}, \${ids})\`);`)[0]
    ?.statement?.holes;
  expect(holes?.map((hole) => [hole.expression, hole.oneParameter])).toEqual([
    ['ids', true],
    ['ids', undefined],
  ]);
});

describe('values that a constant binds away from the call', () => {
  const inFunction = (before: string, value: string, after = ''): string =>
    `${drizzle}async function f(id: number, row: Row) { ${before} const q = sql\`SELECT touch(\${${value}})\`; ${after} await db.execute(q); }`;
  it.each([
    ['a parameter', inFunction('', 'id'), 'ok (id)'],
    ['a property', inFunction('', 'row.id'), 'ok (row.id)'],
    ['a literal', inFunction('', "'x'"), "ok ('x')"],
    ['a local constant', inFunction('const n = id + 1;', 'n'), 'ok (n)'],
    ['a call', inFunction('', 'read(id)'), 'call-parse-error'],
    ['a name that is assigned', inFunction('let n = 1;', 'n', 'n = 2;'), 'call-parse-error'],
    ['a property that is assigned', inFunction('', 'row.id', 'row.id += 1;'), 'call-parse-error'],
    ['a counter', inFunction('let n = 1;', 'n', 'n++;'), 'call-parse-error'],
    [
      'a name that is hidden',
      `${drizzle}function f(id) { const q = sql\`SELECT touch(\${id})\`; for (const id of ids) db.execute(q); }`,
      'call-parse-error',
    ],
    [
      'another function',
      `${drizzle}const q = sql\`SELECT touch(\${id})\`; const f = (id) => db.execute(q);`,
      'call-parse-error',
    ],
  ])('%s', (_name, text, expected) => {
    expect(summary(text)).toEqual([`execute execute touch ${expected}`]);
  });
});

describe('places', () => {
  it('gives spans, lines and columns in UTF-16 units of the text', () => {
    const text = `${drizzle}const é = '🙂'; await db.execute(sql\`SELECT touch('🙂', \${é})\`), 1;`;
    const [site] = find(text);
    expect(text.slice(site?.span.start, site?.span.end)).toBe("db.execute(sql`SELECT touch('🙂', ${é})`)");
    expect(site?.id).toBe('src/file.ts:2:23');
    expect([site?.line, site?.column]).toEqual([2, 23]);
    const hole = site?.call?.arguments[1]?.hole;
    expect(text.slice(hole?.span.start, hole?.span.end)).toBe('é');
    expect(text.slice(site?.sender.receiver?.start, site?.sender.receiver?.end)).toBe('db');
    expect(site?.statement?.text).toBe("SELECT touch('🙂', $1)");
  });

  it('numbers the second call of one place', () => {
    const ids = find(`${drizzle}await db.execute(sql\`SELECT touch(1), touch(2)\`);`).map((site) => site.id);
    expect(ids).toEqual(['src/file.ts:2:7', 'src/file.ts:2:7#2']);
  });

  it('reads columns, aliases and casts', () => {
    const columns = find(
      `${drizzle}await db.execute(sql\`SELECT t.a, b AS "B" FROM list_open(CAST(\${x} AS text)::uuid) AS t\`);`,
    )[0]?.call;
    expect(columns?.form).toBe('from');
    expect(columns?.columns).toEqual([
      { name: 'a', alias: 'a' },
      { name: 'b', alias: 'B' },
    ]);
    expect(columns?.arguments[0]?.casts).toEqual(['text', 'uuid']);
    expect(columns?.tableAlias).toBe('t');
    const star = find(`${drizzle}await db.execute(sql\`SELECT * FROM list_open(1) AS t(x, y)\`);`)[0]?.call;
    expect([star?.columns, star?.columnAliases]).toEqual([null, ['x', 'y']]);
    expect(find(`${drizzle}await db.execute(sql\`SELECT touch(1)\`);`)[0]?.call?.scalarKey).toBe('touch');
  });
});
