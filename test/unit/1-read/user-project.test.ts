import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MigrateError } from '../../../src/errors.js';
import { readUserProject } from '../../../src/1-read/read-user-project.js';
import type { DrizzleTable, UserProject } from '../../../src/1-read/user-project.js';
import { projectFolder, type ProjectFolder } from '../../support/project-folder.js';

const folders: ProjectFolder[] = [];
const folder = (files: Record<string, string>, options?: { nodeModules: boolean }): ProjectFolder => {
  const made = projectFolder({ 'package.json': '{ "name": "app" }', ...files }, options);
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) made.remove();
});

const everyColumn = `
import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { bigint, bigserial, boolean, char, cidr, customType, date, doublePrecision, inet, integer, interval, json,
  jsonb, line, macaddr, numeric, pgEnum, pgSchema, pgTable, pgTableCreator, point, primaryKey, real, serial, smallint,
  text, time, timestamp, uuid, varchar, vector } from 'drizzle-orm/pg-core';
import { timestamps, mood } from './shared';

export const state = pgEnum('state', ['open', 'closed']);
const citext = customType<{ data: string }>({ dataType: () => 'citext' });

export const everything = pgTable('everything', {
  id: serial('id').primaryKey(),
  big: bigint('big', { mode: 'number' }).notNull(),
  bigger: bigint({ mode: 'bigint' }),
  bigId: bigserial('big_id', { mode: 'number' }),
  flag: boolean('flag').notNull().default(false),
  letter: char('letter', { length: 1 }),
  network: cidr(),
  title: citext('title'),
  day: date('day'),
  dayObject: date('day_object', { mode: 'date' }),
  ratio: doublePrecision('ratio'),
  address: inet(),
  amount: numeric('amount', { precision: 12, scale: 2 }).notNull().default('0'),
  amountNumber: numeric({ mode: 'number' }),
  span: interval(),
  data: json(),
  document: jsonb().$type<{ a: number }>().notNull(),
  edge: line(),
  hardware: macaddr(),
  place: point(),
  placeObject: point({ mode: 'xy' }),
  share: real(),
  small: smallint(),
  state: state('state').notNull(),
  mood: mood(),
  tags: text('tags').array().notNull().default(sql\`'{}'\`),
  grid: integer('grid').array().array(),
  clock: time(),
  moment: timestamp({ withTimezone: true }),
  momentText: timestamp('moment_text', { mode: 'string' }),
  key: uuid('key').$defaultFn(() => crypto.randomUUID()),
  name: varchar({ length: 20 }),
  embedding: vector({ dimensions: 3 }),
  ...timestamps,
}, (t) => [pg.unique().on(t.name)]).enableRLS();

export const app = pgSchema('app');
export const jobs = app.table('jobs', (t) => ({ id: t.integer('id').primaryKey(), owner: t.text() }));
const prefixed = pgTableCreator((name) => \`shop_\${name}\`);
export const orders = prefixed('orders', { orderId: pg.integer('order_id') });
export default pg.pgTable('defaulted', { id: integer() });
const hidden = pgTable('hidden', { id: integer() });
`;

const shared = `
import { pgEnum, timestamp } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', ['sad', 'glad']);
export const timestamps = {
  createdAt: timestamp('created_at').notNull().defaultNow(),
  updatedAt: timestamp('updated_at').notNull().$onUpdate(() => new Date()),
};
`;

const comparable = (tables: readonly DrizzleTable[]): readonly unknown[] =>
  [...tables]
    .sort((a, b) => a.exportName.localeCompare(b.exportName))
    .map(({ columns, schema, name, exportName }) => ({
      schema,
      name,
      exportName,
      columns: columns.map((column) => ({ ...column, sqlType: '' })),
    }));

describe('tables', () => {
  let loaded: UserProject;
  let read: UserProject;
  beforeAll(async () => {
    const fine = folder({ 'src/schema.ts': everyColumn, 'src/shared.ts': shared });
    const broken = folder({
      'src/schema.ts': `${everyColumn}\nthrow new Error('no DATABASE_URL');\n`,
      'src/shared.ts': shared,
    });
    [loaded, read] = await Promise.all([
      readUserProject([fine.path('src/app.ts')], { cwd: fine.root }),
      readUserProject([broken.path('src/app.ts')], { cwd: broken.root }),
    ]);
  });

  it('are loaded with their own Drizzle', () => {
    expect(loaded.drizzleVersion).toMatch(/^0\.45\./);
    expect(
      loaded.tables.map(({ exportName, schema, name }) => `${exportName} ${schema}.${name}`).sort(),
    ).toEqual([
      'default public.defaulted',
      'everything public.everything',
      'jobs app.jobs',
      'orders public.shop_orders',
    ]);
    const everything = loaded.tables.find(({ name }) => name === 'everything');
    expect(everything?.origin).toBe('loaded');
    const column = (property: string) => everything?.columns.find((each) => each.property === property);
    expect(column('amount')).toEqual({
      property: 'amount',
      name: 'amount',
      columnType: 'PgNumeric',
      dataType: 'string',
      sqlType: 'numeric(12, 2)',
      notNull: true,
      required: false,
      runtimeDefault: false,
      onUpdate: false,
    });
    expect(column('document')).toMatchObject({ required: true });
    expect(column('tags')).toMatchObject({ columnType: 'PgArray', dataType: 'array', sqlType: 'text[]' });
    expect(column('updatedAt')).toMatchObject({ name: 'updated_at', onUpdate: true });
    expect(column('key')).toMatchObject({ runtimeDefault: true });
    expect(loaded.notes).toEqual([expect.stringMatching(/the table hidden is not exported/)]);
  });

  it('are read from the source when the module throws, with the same columns', () => {
    expect(read.notes[0]).toMatch(
      /schema\.ts could not be loaded \(it threw: no DATABASE_URL\); .* read from the source/,
    );
    expect(read.tables.every(({ origin }) => origin === 'read')).toBe(true);
    const withoutDefault = loaded.tables.filter(({ exportName }) => exportName !== 'default');
    expect(comparable(read.tables)).toEqual(comparable(withoutDefault));
  });
});

describe('schema files', () => {
  it('count where they declare a table, under re-exports too', async () => {
    const made = folder({
      'src/db/tables/users.ts':
        "import { integer, pgTable } from 'drizzle-orm/pg-core';\nconst people = pgTable('users', { id: integer('id') });\nexport { people as users };\n",
      'src/db/tables/posts.ts':
        "import { integer, pgTable } from 'drizzle-orm/pg-core';\nexport const posts = pgTable('posts', { id: integer() });\n",
      'src/db/index.ts':
        "// the schema of drizzle-orm/pg-core, each a pgTable\nexport * from './tables/users';\nexport { posts as articles } from './tables/posts';\n",
    });
    const all = await readUserProject([made.path('src/app.ts')], { cwd: made.root });
    expect(all.tables.map(({ file, exportName }) => [file, exportName])).toEqual([
      [made.path('src/db/tables/posts.ts'), 'posts'],
      [made.path('src/db/tables/users.ts'), 'users'],
    ]);
    const named = await readUserProject([], { cwd: made.root, schema: ['src/db/tables/posts.ts'] });
    expect(named.tables.map(({ name }) => name)).toEqual(['posts']);
  });

  it.each([
    ['exits', 'process.exit(1);', 'it called process.exit(1)'],
    ['does not parse', 'export const = ;', 'it threw'],
    [
      'ends the process',
      "process.kill(process.pid, 'SIGKILL'); await new Promise((r) => setTimeout(r, 9e3));",
      'it ended the process',
    ],
  ])('that %s are read from the source', async (_, line, clause) => {
    const table =
      "import { text, pgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { x: text().notNull() });\n";
    const made = folder({ 'schema.ts': `${table}${line}\n` });
    const { tables, notes } = await readUserProject([made.path('x.ts')], { cwd: made.root });
    expect(tables).toMatchObject([
      { name: 'a', origin: 'read', columns: [{ columnType: 'PgText', notNull: true }] },
    ]);
    expect(notes[0]).toContain(clause);
  });

  it('are read when drizzle-orm is not installed', async () => {
    const made = folder(
      {
        // A folder above may have one; this one stands before it and is none.
        'node_modules/drizzle-orm/package.json': '{}',
        'schema.ts':
          "import { text, pgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { x: text() });\n",
      },
      { nodeModules: false },
    );
    const project = await readUserProject([made.path('x.ts')], { cwd: made.root });
    expect(project.drizzleVersion).toBeNull();
    expect(project.tables).toMatchObject([{ name: 'a', origin: 'read' }]);
    expect(project.notes[0]).toContain('drizzle-orm is not installed');
  });

  it('name in a note what syntax does not show', async () => {
    const made = folder(
      {
        'schema.ts': `
import { text, pgTable } from 'drizzle-orm/pg-core';
import { audit } from '@acme/columns';
export const a = pgTable('a', { x: text(), ...audit, y: audit.y });
export const b = pgTable(process.env.NAME, { x: text() });
`,
      },
      { nodeModules: false },
    );
    const { tables, notes } = await readUserProject([made.path('x.ts')], { cwd: made.root });
    expect(tables).toMatchObject([{ name: 'a', columns: [{ name: 'x' }] }]);
    expect(notes.slice(1).map((note) => note.split(': ')[1])).toEqual([
      'the table a spreads audit, whose columns could not be read.',
      'the table a has a column y that could not be read; it was left out.',
      'the table b has a name that is not a literal; it was left out.',
    ]);
  });
});

describe('clients', () => {
  const client = (driver: string, rest: string): string =>
    `import { drizzle } from 'drizzle-orm/${driver}';\n${rest}\n`;

  it.each([
    ['node-postgres', 'export const db = drizzle(pool, { schema });', 'db node-postgres'],
    ['postgres-js', 'const db = drizzle(sql); export { db as database };', 'database postgres-js'],
    ['pglite', 'export const db: Db = globalThis.db ?? drizzle(new PGlite());', 'db pglite'],
    ['neon-serverless', 'export const db = drizzle(url);\nexport default db;', 'db node-postgres'],
    ['node-postgres', 'const make = () => drizzle(pool);\nexport const db = make();', 'db node-postgres'],
    ['node-postgres', 'export default function db() { return drizzle(pool); }', ''],
    ['neon-http', 'export const db = drizzle(url);', ''],
    ['node-postgres', 'const db = drizzle(pool);', ''],
  ])('of %s: %s', async (driver, rest, expected) => {
    const made = folder({ 'db.ts': client(driver, rest) }, { nodeModules: false });
    const { clients } = await readUserProject([made.path('x.ts')], { cwd: made.root });
    expect(clients.map((each) => `${each.exportName} ${each.driver}`).join()).toBe(expected);
  });

  it('decide the names of columns by their casing', async () => {
    const made = folder({
      'db.ts': client('node-postgres', "export const db = drizzle('postgres://', { casing: 'snake_case' });"),
      'schema.ts':
        "import { text, pgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { firstName: text(), B2BRate: text(), lastName: text('lastName') });\n",
    });
    const { tables } = await readUserProject([made.path('x.ts')], { cwd: made.root });
    expect(tables[0]?.columns.map(({ name }) => name)).toEqual(['first_name', 'b_2_b_rate', 'lastName']);
  });

  it('of CommonJS modules', async () => {
    const text =
      "const { drizzle } = require('drizzle-orm/node-postgres');\nconst db = drizzle(pool);\nmodule.exports = { db };\nexports.main = db;\n";
    const made = folder({ 'db.cjs': text }, { nodeModules: false });
    const { clients } = await readUserProject([made.path('x.ts')], { cwd: made.root });
    expect(clients.map(({ exportName }) => exportName)).toEqual(['db']);
  });

  it('may be named by the user', async () => {
    const made = folder({ 'lib/pool.ts': 'export const main = connect();\n' });
    const options = { cwd: made.root, client: ['main@lib/pool.ts'] };
    const { clients } = await readUserProject([made.path('x.ts')], options);
    expect(clients).toEqual([
      { file: made.path('lib/pool.ts'), exportName: 'main', driver: 'node-postgres' },
    ]);
    for (const client of ['main', 'other@lib/pool.ts', 'main@lib/absent.ts']) {
      await expect(readUserProject([], { cwd: made.root, client: [client] })).rejects.toThrow(MigrateError);
    }
  });
});

describe('transaction helpers', () => {
  const head = "import { db } from './db';\n";
  it.each([
    [
      'function',
      'export function executeTransaction<T>(fn: (tx: Tx) => Promise<T>) { return db.transaction(fn); }',
      true,
    ],
    [
      'arrow',
      'export const inTransaction = async (fn) => db.transaction(async (tx) => fn(tx), { accessMode: "read write" });',
      true,
    ],
    [
      'retries',
      'export async function retry(fn, times = 3) { for (let i = 0; ; i++) { try { return await db.transaction(async (tx) => { await tx.execute(sql``); return await fn(tx); }); } catch (e) { if (i > times) throw e; } } }',
      true,
    ],
    [
      'passing on',
      'const run = (level, work) => db.transaction(work, level);\nexport const serializable = (fn) => run("serializable", fn);',
      true,
    ],
    ['other callback', 'export const wrap = (fn) => db.transaction(async (tx) => { await fn(); });', false],
    [
      'no parameter',
      'export const pay = (id) => db.transaction(async (tx) => { await tx.execute(id); });',
      false,
    ],
    ['not exported', 'const hidden = (fn) => db.transaction(fn);', false],
    ['callback second', 'export const named = (name, fn) => db.transaction(fn);', false],
  ])('%s', async (_, text, expected) => {
    const made = folder(
      {
        'db.ts': "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle(pool);\n",
        'helper.ts': `${head}${text}\n`,
        'knex.ts': "import knex from 'knex';\nexport const other = (fn) => knex().transaction(fn);\n",
      },
      { nodeModules: false },
    );
    const unset = { schema: [], client: [], transaction: [] };
    const { transactionHelpers } = await readUserProject([made.path('x.ts')], { cwd: made.root, ...unset });
    expect(transactionHelpers.map(({ file }) => file)).toEqual(expected ? [made.path('helper.ts')] : []);
  });
});

describe('root', () => {
  it('is the workspace root, packages the ones that declare Drizzle', async () => {
    const made = folder(
      {
        'package.json': '{ "workspaces": ["packages/*"] }',
        'tsconfig.json': '{}',
        'packages/api/package.json': '{ "name": "api", "dependencies": { "drizzle-orm": "*" } }',
        'packages/api/tsconfig.json': '{}',
        'packages/api/src/package.json': '{ "type": "module" }',
        'packages/api/src/a.ts': '',
        'packages/web/package.json': '{ "name": "web" }',
        'packages/web/b.ts': '',
      },
      { nodeModules: false },
    );
    const api = await readUserProject([made.path('packages/api/src/a.ts')], { cwd: made.root });
    expect(api).toMatchObject({
      root: made.root,
      packageFile: made.path('packages/api/package.json'),
      tsconfig: made.path('packages/api/tsconfig.json'),
    });
    const both = await readUserProject([made.path('packages/api/src/a.ts'), made.path('packages/web/b.ts')], {
      cwd: made.root,
    });
    expect(both.tsconfig).toBe(made.path('tsconfig.json'));
    expect(both.notes).toEqual([expect.stringMatching(/2 tsconfig files/)]);
  });
});
