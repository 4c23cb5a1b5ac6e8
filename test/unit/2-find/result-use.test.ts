import { afterAll, describe, expect, it } from 'vitest';
import { findResultUses } from '../../../src/2-find/find-result-uses.js';
import type { SiteRefusal } from '../../../src/2-find/call-site.js';
import type { ResultUse } from '../../../src/2-find/result-use.js';
import type { UserProject } from '../../../src/1-read/user-project.js';
import { openProgram } from '../../../src/source/open-program.js';
import { findTestSites } from '../../support/find-test-sites.js';
import { projectFolder } from '../../support/project-folder.js';

const head = `
import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { PgliteDatabase } from 'drizzle-orm/pglite';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { PgDatabase, PgTransaction } from 'drizzle-orm/pg-core';
import type { Client, Pool, PoolClient, QueryResult } from 'pg';
import type { Sql } from 'postgres';
type Tx = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];
type Row = { x: number; y: string };
declare const db: NodePgDatabase; declare const lite: PgliteDatabase; declare const js: PostgresJsDatabase;
declare const pool: Pool; declare const client: Client; declare const lent: PoolClient; declare const pg: Sql;
declare const tx: Tx; declare const either: NodePgDatabase | Tx; declare const untyped: any;
declare const id: number; declare function use(...values: unknown[]): void;
`;

const folder = projectFolder({
  'package.json': '{ "type": "module" }',
  'tsconfig.json': `{ "compilerOptions": { "target": "ES2022", "module": "ESNext", "moduleResolution": "bundler",
    "strict": true, "skipLibCheck": true, "types": [] }, "files": ["client.ts"] }`,
  'client.ts': `import { drizzle } from 'drizzle-orm/node-postgres';\nexport const main = drizzle('postgres://');\n`,
});
afterAll(() => {
  folder.remove();
});

const project: UserProject = {
  root: folder.root,
  packageFile: folder.path('package.json'),
  tsconfig: folder.path('tsconfig.json'),
  drizzleVersion: '0.45.4',
  tables: [],
  clients: [{ file: folder.path('client.ts'), exportName: 'main', driver: 'node-postgres' }],
  transactionHelpers: [],
  notes: [],
};

/** Each case is a module of its own; one program holds them all. */
const texts = new Map<string, string>();
const files = [folder.path('client.ts')];
const declare = (code: string, given = `${head}export async function run() {\n  ${code}\n}\n`): string => {
  const path = folder.path(`case-${texts.size}.ts`);
  texts.set(path, given);
  files.push(path);
  folder.write(path.slice(folder.root.length + 1), given);
  return path;
};

const program = openProgram({ tsconfig: project.tsconfig, files });

function usesOf(path: string, of: UserProject = project): readonly (ResultUse | SiteRefusal)[] {
  const sites = findTestSites(path, texts.get(path) ?? '');
  const uses = findResultUses(program, sites, of);
  return sites.map(({ site }) => uses.get(site.id) ?? { reason: 'unsupported', detail: 'no answer' });
}

function useOf(path: string, of: UserProject = project): ResultUse {
  const [use] = usesOf(path, of);
  if (!use || 'reason' in use) throw new Error(`refused: ${JSON.stringify(use)}`);
  return use;
}

/** The code after the edits, with the target as `Q`. */
function edited(path: string, use: ResultUse): string {
  const edits = [...use.edits, { ...use.target, text: 'Q' }].sort((a, b) => b.start - a.start);
  let text = texts.get(path) ?? '';
  for (const { start, end, text: inserted } of edits)
    text = text.slice(0, start) + inserted + text.slice(end);
  return text.slice(head.length).split('\n').slice(1, -2).join('\n').trim();
}

const Q = 'db.execute(sql`SELECT f(${id})`)';
const J = 'js.execute(sql`SELECT f(${id})`)';

/** code · what it becomes · shape · the fields that are read. */
const shapes: readonly (readonly [string, string, ResultUse['shape'], string])[] = [
  [
    `const { rows } = (await ${Q}) as QueryResult<Row>;\n  return rows.map((r) => r.x);`,
    'const rows = Q;\n  return rows.map((r) => r.x);',
    'rows',
    'x',
  ],
  [
    `const result = (await ${Q}) as QueryResult<Row>;\n  return result.rows.map((r) => r.x);`,
    'const result = Q;\n  return result.map((r) => r.x);',
    'rows',
    'x',
  ],
  [`await ${Q};`, 'Q;', 'nothing', ''],
  [`use((await ${Q}).rows);`, 'use(Q);', 'rows', 'all'],
  [`return (await ${Q}).rows[0];`, 'return Q;', 'row', 'all'],
  [`return (await ${Q}).rows.at(0);`, 'return Q;', 'row', 'all'],
  [`return (await ${Q}).rows[0].x;`, 'return Q;', 'field', 'x'],
  [`return (await ${Q}).rows[0]?.x;`, 'return Q;', 'field', 'x'],
  [`return (await ${Q}).rows[0]!['x'] as number;`, 'return Q as number;', 'field', 'x'],
  [`return (await ${Q}).rows[0]?.x.toString();`, 'return Q?.x.toString();', 'row', 'x'],
  [`return ((await ${Q}).rows[0] as Row).x;`, 'return (Q as Row).x;', 'row', 'x'],
  [`return ((await ${Q}).rows as Row[])[0].x;`, 'return (Q as Row[])[0].x;', 'rows', 'x'],
  [`return ((await ${Q}) as QueryResult<Row>).rows[0].x;`, 'return Q;', 'field', 'x'],
  [`return (await ${Q}).rows[1].x;`, 'return Q[1].x;', 'rows', 'x'],
  [`return (await ${Q}).rowCount;`, 'return Q.length;', 'rows', ''],
  [`return (await ${Q}).rows.map((r) => r.x);`, 'return Q.map((r) => r.x);', 'rows', 'x'],
  [
    `return (await ${Q}).rows.map(({ x, y: z }) => [x, z]);`,
    'return Q.map(({ x, y: z }) => [x, z]);',
    'rows',
    'x,y',
  ],
  [`return (await ${Q}).rows.map(({ x, ...r }) => r);`, 'return Q.map(({ x, ...r }) => r);', 'rows', 'all'],
  [
    `return (await ${Q}).rows.filter((r) => r.x).map((r) => r.y);`,
    'return Q.filter((r) => r.x).map((r) => r.y);',
    'rows',
    'x,y',
  ],
  [`return (await ${Q}).rows.filter((r) => r.x);`, 'return Q.filter((r) => r.x);', 'rows', 'all'],
  [`(await ${Q}).rows.forEach(use);`, 'Q.forEach(use);', 'rows', 'all'],
  [
    `for (const r of (await ${Q}).rows) use(r.x, r?.['y']);`,
    "for (const r of Q) use(r.x, r?.['y']);",
    'rows',
    'x,y',
  ],
  [
    `if ((await ${Q}).rows.length === 0) throw new Error();`,
    'if (Q.length === 0) throw new Error();',
    'rows',
    '',
  ],
  [
    `const { rows } = await ${Q};\n  use(rows[0].x, rows.length);`,
    'const rows = Q;\n  use(rows[0].x, rows.length);',
    'rows',
    'x',
  ],
  [
    `const { rows: items } = await ${Q};\n  return items;`,
    'const items = Q;\n  return items;',
    'rows',
    'all',
  ],
  [
    `const { rows: [row] } = await ${Q};\n  return row?.x;`,
    'const [row] = Q;\n  return row?.x;',
    'rows',
    'x',
  ],
  [`const { rows: [{ x }] } = await ${Q};\n  return x;`, 'const [{ x }] = Q;\n  return x;', 'rows', 'x'],
  [
    `const { rows, rowCount } = await ${Q};\n  return { rows, rowCount, n: rowCount };`,
    'const rows = Q;\n  return { rows, rowCount: rows.length, n: rows.length };',
    'rows',
    'all',
  ],
  [
    `const { rowCount } = await ${Q};\n  return rowCount;`,
    'const { length: rowCount } = Q;\n  return rowCount;',
    'rows',
    '',
  ],
  [
    `const { rows, ...rest } = await ${Q};\n  use(rest);`,
    'const { rows, ...rest } = Q;\n  use(rest);',
    'result',
    'all',
  ],
  [
    `const [row] = (await ${Q}).rows;\n  if (!row) return null;\n  return row.x;`,
    'const [row] = Q;\n  if (!row) return null;\n  return row.x;',
    'rows',
    'x',
  ],
  [
    `const rows = (await ${Q}).rows ?? [];\n  return rows.map((r) => r.y);`,
    'const rows = Q ?? [];\n  return rows.map((r) => r.y);',
    'rows',
    'y',
  ],
  [
    `const row = (await ${Q}).rows[0];\n  return row && row.x;`,
    'const row = Q;\n  return row && row.x;',
    'row',
    'x',
  ],
  [
    `const row = (await ${Q}).rows[0];\n  const { x, y } = row;\n  use(x, y);`,
    'const row = Q;\n  const { x, y } = row;\n  use(x, y);',
    'row',
    'x,y',
  ],
  [
    `const result = await ${Q};\n  return result.rows[0].x;`,
    'const result = Q;\n  return result[0].x;',
    'rows',
    'x',
  ],
  [
    `const result = await ${Q};\n  if (result.rowCount) use(result?.rows[0]?.x);`,
    'const result = Q;\n  if (result.length) use(result[0]?.x);',
    'rows',
    'x',
  ],
  [
    `const result = await ${Q};\n  const { rows } = result;\n  return rows.map((r) => r.y);`,
    'const result = Q;\n  const rows = result;\n  return rows.map((r) => r.y);',
    'rows',
    'y',
  ],
  [
    `const result = await ${Q};\n  const rows = result.rows as Row[];\n  return rows.map((r) => r.y);`,
    'const result = Q;\n  const rows = result as Row[];\n  return rows.map((r) => r.y);',
    'rows',
    'y',
  ],
  [
    `const result = await ${Q};\n  use(result.rows);\n  return result;`,
    'const result = Q;\n  use(result.rows);\n  return result;',
    'result',
    'all',
  ],
  [
    `const result = await ${Q};\n  return { result };`,
    'const result = Q;\n  return { result };',
    'result',
    'all',
  ],
  [
    `const result: QueryResult<Row> = (await ${Q}) as never;\n  return result.rows;`,
    'const result: QueryResult<Row> = (Q) as never;\n  return result.rows;',
    'result',
    'all',
  ],
  [
    `let result;\n  result = await ${Q};\n  return result.rows;`,
    'let result;\n  result = Q;\n  return result.rows;',
    'result',
    'all',
  ],
  [`return await ${Q};`, 'return Q;', 'result', 'all'],
  [`return ${Q};`, 'return Q;', 'result', 'all'],
  [`return ${Q}.then((r) => r.rows);`, 'return Q.then((r) => r.rows);', 'result', 'all'],
  [`return Promise.all([${Q}]);`, 'return Promise.all([Q]);', 'result', 'all'],
  [
    `const pending = ${Q};\n  return await pending;`,
    'const pending = Q;\n  return await pending;',
    'result',
    'all',
  ],
  [`return (await lite.execute(sql\`SELECT f()\`)).rows[0].x;`, 'return Q;', 'field', 'x'],
  [`return (await pool.query('SELECT f()')).rows[0].x;`, 'return Q;', 'field', 'x'],
  [`await ${J};`, 'Q;', 'nothing', ''],
  [`return (await ${J})[0].x;`, 'return Q;', 'field', 'x'],
  [`const [row] = await ${J};\n  return row.x;`, 'const [row] = Q;\n  return row.x;', 'rows', 'x'],
  [
    `const rows = await ${J};\n  return rows.map((r) => r.x).concat(rows.count);`,
    'const rows = Q;\n  return rows.map((r) => r.x).concat(rows.length);',
    'rows',
    'x',
  ],
  [`const rows = await ${J};\n  return rows;`, 'const rows = Q;\n  return rows;', 'result', 'all'],
  [`return await ${J};`, 'return Q;', 'result', 'all'],
  [`return (await ${J}) as unknown as Row[];`, 'return (Q) as unknown as Row[];', 'rows', 'all'],
  [`return (await ${J}).length;`, 'return Q.length;', 'rows', ''],
  [
    `const rows = await pg\`SELECT f(\${id})\`;\n  for (const { x } of rows) use(x);`,
    'const rows = Q;\n  for (const { x } of rows) use(x);',
    'rows',
    'x',
  ],
];

describe('the result', () => {
  it.each(shapes.map((each) => [...each, declare(each[0])] as const))(
    '%s',
    (_code, becomes, shape, fields, path) => {
      const use = useOf(path);
      expect({ becomes: edited(path, use), shape: use.shape }).toEqual({ becomes, shape });
      expect(use.fieldsRead === 'all' ? 'all' : use.fieldsRead.join()).toBe(fields);
    },
  );

  const awaitedOf = [
    [`return ${Q};`, false],
    [`return ${Q}.then((r) => r.rows);`, false],
    [`return await ${Q};`, true],
    [`return (await ${Q}).rows[0].x;`, true],
  ] as const;
  it.each(awaitedOf.map(([code, awaited]) => [code, awaited, declare(code)] as const))(
    'of %s is awaited: %s',
    (_, awaited, path) => {
      expect(useOf(path).awaited).toBe(awaited);
    },
  );

  it('says how a field was read', () => {
    const optional = useOf(declare(`return (await ${Q}).rows[0]?.x;`));
    expect(optional.field).toEqual({ key: 'x', optional: true });
    expect(useOf(declare(`const n = (await ${Q}).rows[0].x;\n  use(n);`))).toMatchObject({
      field: { key: 'x', optional: false },
      declares: 'n',
    });
  });

  it('lists the reads of the first row through a variable', () => {
    const path = declare(
      `const result = await ${Q};\n  use(result.rows[0].x, result.rows[0]?.y, result.rows[0]);`,
    );
    const use = useOf(path);
    const text = texts.get(path) ?? '';
    expect(
      use.reads.map(({ span, ...rest }) => ({ text: text.slice(span.start, span.end), ...rest })),
    ).toEqual([
      { text: 'result.rows[0].x', kind: 'field', key: 'x', optional: false, rows: 'result' },
      { text: 'result.rows[0]?.y', kind: 'field', key: 'y', optional: true, rows: 'result' },
      { text: 'result.rows[0]', kind: 'row', key: null, optional: false, rows: 'result' },
    ]);
    expect(use.readsOnly).toBe(true);
    expect(use.declares).toBe('result');
  });

  it('says when there are uses beside the reads', () => {
    const use = useOf(declare(`const { rows } = await ${Q};\n  use(rows[0].x, rows.length);`));
    expect(use.reads).toHaveLength(1);
    expect(use.readsOnly).toBe(false);
  });

  const exported = declare(
    '',
    `${head}export const result = await ${Q};\nexport const { rows } = await ${Q};\n`,
  );
  it('escapes when the variable is exported', () => {
    const [whole, rows] = usesOf(exported);
    expect(whole).toMatchObject({ shape: 'result', fieldsRead: 'all' });
    expect(rows).toMatchObject({ shape: 'rows', fieldsRead: 'all', readsOnly: false });
  });
});

describe('refusals', () => {
  const refusals = [
    [`${Q};`, 'never-sent', 'no await'],
    [`[id].forEach((id) => ${Q});`, 'never-sent', 'forEach'],
    [`void ${Q};`, 'never-sent', 'no await'],
    [`void pool.query('SELECT f()');`, 'builder-escapes', 'without being awaited'],
    [`pool.query('SELECT f()', (error, result) => use(result));`, 'builder-escapes', 'callback'],
    [`return ${Q}.getQuery();`, 'builder-escapes', '.getQuery'],
    [`return (await ${Q}).fields;`, 'response-metadata', '.fields'],
    [
      `const result = await ${Q};\n  use(result.command, result.rows);`,
      'response-metadata',
      'result.command',
    ],
    [`const { rows, fields } = await ${Q};\n  use(rows, fields);`, 'response-metadata', 'fields'],
    ['return (await db.execute(sql`CALL f()`)).rowCount;', 'response-metadata', '.rowCount'],
    [`return (await ${J}).columns;`, 'response-metadata', '.columns'],
    ["return (await lent.query('SELECT f()')).rows;", 'no-client', 'lent is a connection of its own'],
    ["return (await client.query('SELECT f()')).rows;", 'no-client', 'client is a connection of its own'],
    ['return pg.begin(async (pg) => pg`SELECT f()`);', 'no-client', 'connection of its own'],
    ["return (await untyped.execute('SELECT f()')).rows;", 'no-client', 'type of untyped is not known'],
    [
      "const store = { query: async (s: string) => [s] };\n  return store.query('SELECT f()');",
      'no-client',
      'not a Drizzle client',
    ],
  ] as const;
  it.each(refusals.map((each) => [...each, declare(each[0])] as const))('%s', (_, reason, detail, path) => {
    expect(usesOf(path)[0]).toMatchObject({ reason, detail: expect.stringContaining(detail) as unknown });
  });
});

describe('the client', () => {
  const clients = [
    [`await ${Q};`, { kind: 'drizzle', driver: 'node-postgres', executor: 'db', inTransaction: false }],
    [`await ${J};`, { kind: 'drizzle', driver: 'postgres-js', executor: 'js', inTransaction: false }],
    ['await lite.execute(sql`SELECT f()`);', { kind: 'drizzle', driver: 'pglite', executor: 'lite' }],
    [
      'await tx.execute(sql`SELECT f()`);',
      { kind: 'drizzle', driver: 'node-postgres', executor: 'tx', inTransaction: true },
    ],
    ['await either.execute(sql`SELECT f()`);', { kind: 'drizzle', executor: 'either', inTransaction: false }],
    [
      'await db.transaction(async (inner) => { await inner.execute(sql`SELECT f()`); });',
      { executor: 'inner', inTransaction: true },
    ],
    ['const repo = { db };\n  await repo.db.execute(sql`SELECT f()`);', { executor: 'repo.db' }],
    [
      "const some: Pick<NodePgDatabase, 'execute'> = db;\n  await some.execute(sql`SELECT f()`);",
      { kind: 'drizzle', executor: 'some' },
    ],
    [
      'const g = <T extends PgDatabase<any, any, any>>(x: T) => x.execute(sql`SELECT f()`);\n  use(g);',
      { kind: 'drizzle', driver: 'node-postgres', executor: 'x' },
    ],
    [
      "await pool.query('SELECT f()');",
      {
        kind: 'pg-pool',
        driver: 'node-postgres',
        executor: 'main',
        executorImport: { file: folder.path('client.ts'), name: 'main' },
      },
    ],
    ['await pg`SELECT f()`;', { kind: 'postgres-js', executor: 'main' }],
  ] as const;
  it.each(clients.map((each) => [...each, declare(each[0])] as const))('%s', (_, expected, path) => {
    expect(useOf(path).client).toMatchObject({ refusal: null, ...expected });
  });

  const importing = (code: string): string =>
    declare(
      '',
      `import { main as database } from './client';\nimport type { Pool } from 'pg';\ndeclare const pool: Pool;\nexport async function run(main: any) {\n  ${code}\n}\nvoid database;\n`,
    );
  const local = importing("await pool.query('SELECT f()');");
  const shadowed = importing("await main.execute('SELECT f()');");
  it('goes by the name that the file already has for it', () => {
    expect(useOf(local).client).toMatchObject({ executor: 'database', executorImport: null });
  });

  it('is not guessed from the name of something else', () => {
    expect(usesOf(shadowed)[0]).toMatchObject({ reason: 'no-client' });
  });

  const required = folder.path('required.cjs');
  texts.set(
    required,
    "const { main: base } = require('./client.cjs');\nexports.run = async () => { await base.execute('SELECT f()'); };\nconst { Pool } = require('pg');\nexports.old = async () => { await new Pool().query('SELECT f()'); };\n",
  );
  folder.write('required.cjs', texts.get(required) ?? '');
  folder.write(
    'client.cjs',
    "const { drizzle } = require('drizzle-orm/node-postgres');\nconst main = drizzle('postgres://');\nmodule.exports = { main };\n",
  );
  it('of a CommonJS module has its type too', () => {
    const plain = openProgram({ tsconfig: null, files: [required] });
    const sites = findTestSites(required, texts.get(required) ?? '');
    const main = { file: folder.path('client.cjs'), exportName: 'main', driver: 'node-postgres' as const };
    const uses = findResultUses(plain, sites, { ...project, clients: [main] });
    expect([...uses.values()]).toMatchObject([
      { client: { kind: 'drizzle', executor: 'base' } },
      { client: { kind: 'pg-pool', executor: 'base', executorImport: null } },
    ]);
  });

  const nameless = declare(
    '',
    "declare const main: any;\nexport const run = async () => { await main.execute('SELECT f()'); };\n",
  );
  it('without a type is the only client of that name', () => {
    expect(useOf(nameless).client).toMatchObject({ kind: 'drizzle', executor: 'main' });
  });

  const pooled = declare("await pool.query('SELECT f()');");
  it('is refused when none or several could be meant', () => {
    const [client] = project.clients;
    if (!client) throw new Error('no client');
    expect(usesOf(pooled, { ...project, clients: [] })[0]).toMatchObject({ reason: 'no-client' });
    const two = { ...project, clients: [client, { ...client, exportName: 'replica' }] };
    expect(usesOf(pooled, two)[0]).toMatchObject({
      reason: 'no-client',
      detail: expect.stringContaining('replica') as unknown,
    });
  });
});

describe('arguments', () => {
  const path = declare(
    '',
    `${head}import { users } from './tables';
enum Level { Low, High }
type Brand = string & { readonly brand: 'id' };
export async function run(a: string, b: number | null, c?: Date, d: string[] = [], e: 'x' | 'y' = 'x', f: any, g: { a: 1 }, h: Level, i: Brand, j: bigint) {
  await db.execute(sql\`SELECT f(\${a}, \${b}, \${c}, \${d}, \${e}, \${f}, \${g.a}, \${h}, \${i}, \${j}, \${5}, \${-1}, \${null}, \${undefined}, \${g}, \${a.trim()}, \${users.id}, \${sql\`now()\`}, \${b!})\`);
}
`,
  );
  folder.write(
    'tables.ts',
    "import { integer, pgTable } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: integer() });\n",
  );

  it('have the types that the checker gives', () => {
    const table = useOf(path).arguments.map(
      ({ type, members, mayBeNull, mayBeUndefined, repeatable }) =>
        `${type.length > 24 ? '…' : type} | ${members.join()} |${mayBeNull ? ' null' : ''}${mayBeUndefined ? ' undefined' : ''}${repeatable ? ' repeatable' : ''}`,
    );
    expect(table).toEqual([
      'string | string | repeatable',
      'number | null | number | null repeatable',
      'Date | undefined | date | undefined repeatable',
      'string[] | array | repeatable',
      expect.stringContaining('| string | repeatable'),
      'any | any | null undefined repeatable',
      'number | number | repeatable',
      'Level | number | repeatable',
      'Brand | string | repeatable',
      'bigint | bigint | repeatable',
      'number | number | repeatable',
      'number | number | repeatable',
      'null |  | null repeatable',
      'undefined |  | undefined repeatable',
      '{ a: 1; } | object | repeatable',
      'string | string |',
      expect.stringContaining('| sql | repeatable'),
      'SQL<unknown> | sql |',
      'number | number | repeatable',
    ]);
  });
});

describe('the place for a statement before', () => {
  const places = [
    [`await ${Q};`, true],
    [`const n = (await ${Q}).rows[0].x;`, true],
    [`return JSON.stringify((await ${Q}).rows);`, true],
    [`if ((await ${Q}).rows.length) use(1);`, true],
    [`for (const r of (await ${Q}).rows) use(r);`, true],
    [`const a = 1, b = await ${Q};\n  use(a, b);`, false],
    [`use(use(), await ${Q});`, false],
    [`return id && (await ${Q});`, false],
    [`if (id) await ${Q};`, false],
    [`while ((await ${Q}).rows.length) use(1);`, false],
    [`const later = () => ${Q};\n  use(later);`, false],
  ] as const;
  it.each(places.map((each) => [...each, declare(each[0])] as const))('%s: %s', (code, there, path) => {
    const at = useOf(path).hoistPoint;
    expect(at).toBe(there ? (texts.get(path) ?? '').indexOf(code) : null);
  });
});
