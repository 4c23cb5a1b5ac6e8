import { describe, expect, it } from 'vitest';
import type { Code } from '../../../src/5-translate/code.js';
import type { InlineDraft } from '../../../src/5-translate/draft.js';
import { assemble } from '../../../src/6-rewrite/assemble.js';
import { placeInline } from '../../../src/6-rewrite/place-inline.js';
import { sample, siteAt, unmark, type UseOptions } from '../../support/rewrite-sample.js';

const call = (callee: Code, ...args: Code[]): Code => ({ kind: 'call', callee, arguments: args });
const member = (object: Code, property: string): Code => ({ kind: 'member', object, property });
const drizzle = (name: string): Code => ({ kind: 'import', module: 'drizzle-orm', name });
const orders: Code = { kind: 'table', schema: 'public', table: 'orders' };
const argument = (position: number): Code => ({ kind: 'argument', position });
const chain = (from: Code, ...calls: [string, ...Code[]][]): Code =>
  calls.reduce((object, [name, ...args]) => call(member(object, name), ...args), from);

const object = (entries: Record<string, Code>): Code => ({
  kind: 'object',
  entries: Object.entries(entries).map(([key, value]) => ({ kind: 'property', key, value })),
});

/** select({ total }).from(orders).where(eq(orders.id, $1)) */
const select = chain(
  { kind: 'executor' },
  ['select', object({ total: member(orders, 'total') })],
  ['from', orders],
  ['where', call(drizzle('eq'), member(orders, 'id'), argument(1))],
);

function draft(query: Code, part: Partial<InlineDraft> = {}): InlineDraft {
  return {
    kind: 'inline',
    completeness: 'complete',
    todos: [],
    statements: 1,
    roundTrips: 1,
    hazards: [],
    describable: [query],
    query,
    shape: 'rows',
    cardinality: 'at-most-one',
    columns: [{ key: 'total', type: 'string', nullable: true }],
    nullRowWhenEmpty: false,
    ...part,
  };
}

const head = "import { sql } from 'drizzle-orm';\nimport { db } from './db.js';\n\n";
const base = {
  '/app/package.json': '{ "name": "app", "type": "module" }',
  '/app/tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "strict": true } }',
  '/app/src/db.ts': 'export const db = 1;\nexport function executeTransaction() {}\n',
  '/app/src/schema.ts': 'export const orders = 1;\n',
};

/** Rewrites the marked target of one file, and gives the file's new text or the refusal. */
async function rewrite(
  marked: string,
  use: UseOptions,
  plan: InlineDraft,
  path = '/app/src/a.ts',
  more: Record<string, string> = {},
) {
  const { text, spans } = unmark(marked);
  const project = sample({ ...base, ...more, [path]: text });
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const [target] = spans.map((span) => ({ start: span.start - mark, end: span.end - mark }));
  const { site: marks, use: found } = siteAt(path, target!, use);
  const site = { ...marks, site: { ...marks.site, span: callSpan(text.slice(mark), target!) } };
  const placed = await placeInline(site, found, plan, project.context);
  if ('reason' in placed) return placed;
  const changes = assemble([placed], project.files, {
    resolver: project.resolver,
    styles: project.context.styles,
  });
  return changes.find((change) => change.path === path)?.after ?? text;
}

const sent = 'await db.execute(sql`SELECT f(${id})`)';
const wrap = (line: string) => `${head}export async function run(id: number) {\n  ${line}\n}\n`;
const imports =
  "import { eq } from 'drizzle-orm';\nimport { db } from './db.js';\nimport { orders } from './schema.js';\n\n";
const Q = 'db.select({ total: orders.total }).from(orders).where(eq(orders.id, id))';
const after = (line: string) => `${imports}export async function run(id: number) {\n  ${line}\n}\n`;

describe('the value of a translated query at the site', () => {
  const nullRow = { nullRowWhenEmpty: true };
  const value = { shape: 'value' as const };
  const result = { shape: 'result' as const };
  const field = { shape: 'field' as const, field: { key: 'total', optional: false } };
  const optional = { shape: 'field' as const, field: { key: 'total', optional: true } };

  it.each<[string, string, UseOptions, Partial<InlineDraft>, string]>([
    ['nothing', `«${sent}»;`, { shape: 'nothing' }, {}, `await ${Q};`],
    ['rows', `return «(${sent}).rows»;`, { shape: 'rows' }, {}, `return await ${Q};`],
    [
      'rows mapped',
      `return «(${sent}).rows».map(String);`,
      { shape: 'rows' },
      {},
      `return (await ${Q}).map(\n    String,\n  );`,
    ],
    [
      'row',
      `const row = «(${sent}).rows[0]»;`,
      { shape: 'row' },
      {},
      `const row = (\n    await ${Q}\n  )[0];`,
    ],
    ['field', `return «(${sent}).rows[0].total»;`, field, {}, `return (await ${Q})[0]\n    .total;`],
    [
      'field as asserted',
      `return «(${sent}).rows[0]!.total»;`,
      field,
      {},
      `return (await ${Q})[0]!\n    .total;`,
    ],
    [
      'optional field',
      `return «(${sent}).rows[0]?.total»;`,
      optional,
      {},
      `return (await ${Q})[0]\n    ?.total;`,
    ],
    [
      'field of a null row',
      `return «(${sent}).rows[0].total»;`,
      field,
      nullRow,
      `return (\n    (await ${Q})[0]\n      ?.total ?? null\n  );`,
    ],
    ['field of a value', `return «(${sent}).rows[0].total»;`, field, value, `return await ${Q};`],
    [
      'row of a value',
      `return «(${sent}).rows[0]»;`,
      { shape: 'row' },
      value,
      `return {\n    total: await db\n      .select({ total: orders.total })\n      .from(orders)\n      .where(eq(orders.id, id)),\n  };`,
    ],
    [
      'rows of a driver result',
      `return «(${sent}).rows»;`,
      { shape: 'rows' },
      result,
      `return (\n    await ${Q}\n  ).rows;`,
    ],
    [
      'rows of an array result',
      `return «${sent}»;`,
      { shape: 'rows', driver: 'postgres-js' },
      result,
      `return await ${Q};`,
    ],
    ['the driver result itself', `return «${sent}»;`, { shape: 'result' }, result, `return await ${Q};`],
    [
      'a promise of nothing',
      `return «db.execute(sql\`SELECT f(\${id})\`)»;`,
      { shape: 'nothing', awaited: false },
      {},
      `return ${Q};`,
    ],
    [
      'a promise of rows',
      `return «db.execute(sql\`SELECT f(\${id})\`)»;`,
      { shape: 'rows', awaited: false },
      {},
      `return ${Q};`,
    ],
  ])('%s', async (_, line, use, part, expected) => {
    const text = (await rewrite(wrap(line), use, draft(select, part))) as string;
    expect(squash(text)).toBe(squash(after(expected)));
  });

  it.each<[string, string, number, string]>([
    [
      'keeps the variable that the user named',
      `const found = «${sent}»;\n  return «found.rows[0].total» + 1;`,
      0,
      `const found = await ${Q};\n  return found + 1;`,
    ],
    [
      'renames the variable that only the driver named',
      `const { rows } = «${sent}»;\n  return «rows[0].total» + 1;`,
      1,
      `const total = await ${Q};\n  return total + 1;`,
    ],
  ])(
    'lets a variable hold a value of which only the field is read: %s',
    async (_, line, pattern, expected) => {
      const marked = wrap(line);
      const { text, spans } = unmark(marked);
      const at = text.indexOf('{ rows }');
      const use: UseOptions = {
        shape: 'rows',
        fieldsRead: ['total'],
        readsOnly: true,
        edits: pattern === 1 ? [{ start: at, end: at + 8, text: 'rows' }] : [],
        reads: [
          {
            span: spans[1]!,
            kind: 'field',
            key: 'total',
            optional: false,
            rows: pattern === 1 ? 'rows' : 'found',
          },
        ],
      };
      const changed = (await rewrite(marked, use, draft(select, value))) as string;
      expect(squash(changed)).toBe(squash(after(expected)));
    },
  );

  it('takes the place of the call alone where it gives the same kind of object', async () => {
    const marked = wrap(`const { rows: [first] } = «${sent}»;`);
    const { text, spans } = unmark(marked);
    const project = sample({ ...base, '/app/src/a.ts': text });
    const { site, use } = siteAt('/app/src/a.ts', spans[0]!, {
      shape: 'row',
      edits: [{ start: text.indexOf('{ rows'), end: text.indexOf(' ='), text: 'first' }],
    });
    const span = { start: spans[0]!.start + 'await '.length, end: spans[0]!.end };
    const execute = call(member({ kind: 'executor' }, 'execute'), {
      kind: 'sql',
      type: null,
      parts: ['select 1'],
    });
    const placed = await placeInline(
      { ...site, site: { ...site.site, span } },
      use,
      draft(execute, result),
      project.context,
    );
    if ('reason' in placed) throw new Error(placed.detail);
    const [change] = assemble([placed], project.files, { resolver: project.resolver });
    expect(change?.after).toBe(text.replace('SELECT f(${id})', 'select 1'));
  });

  it('spells out a row of NULLs where the rows escape', async () => {
    const text = await rewrite(wrap(`return «(${sent}).rows»;`), { shape: 'rows' }, draft(select, nullRow));
    expect(squash(text as string)).toContain(squash(`return [(await ${Q})[0] ?? { total: null }];`));
  });

  it('edits the reads instead where all of them are of fields of the first row', async () => {
    const marked = wrap(`const rows = «(${sent}).rows»;\n  return «rows[0].total» + 1;`);
    const { spans } = unmark(marked);
    const use: UseOptions = {
      shape: 'rows',
      fieldsRead: ['total'],
      readsOnly: true,
      reads: [{ span: spans[1]!, kind: 'field', key: 'total', optional: false, rows: 'rows' }],
    };
    const text = squash((await rewrite(marked, use, draft(select, nullRow))) as string);
    expect(text).toContain(squash(`const rows = await ${Q};`));
    expect(text).toContain('return(rows[0]?.total??null)+1;');
  });

  it('keeps the row of NULLs where the rows are also counted', async () => {
    const marked = wrap(`const rows = «(${sent}).rows»;\n  return «rows[0].total» + rows.length;`);
    const { spans } = unmark(marked);
    const use: UseOptions = {
      shape: 'rows',
      fieldsRead: ['total'],
      reads: [{ span: spans[1]!, kind: 'field', key: 'total', optional: false, rows: 'rows' }],
    };
    expect(squash((await rewrite(marked, use, draft(select, nullRow))) as string)).toContain(
      '??{total:null}]',
    );
  });

  it.each<[string, UseOptions, Partial<InlineDraft>, string]>([
    ['the whole result of a builder', { shape: 'result' }, {}, 'response-metadata'],
    ['the value of nothing', { shape: 'rows' }, { shape: 'nothing' }, 'unsupported'],
    [
      'a field that a value lacks',
      { shape: 'field', field: { key: 'other', optional: false } },
      value,
      'unsupported',
    ],
    [
      'a request of a pool that is stored',
      { shape: 'nothing', awaited: false, kind: 'pg-pool' },
      {},
      'builder-escapes',
    ],
  ])('refuses %s', async (_, use, part, reason) => {
    expect(await rewrite(wrap(`const x = «${sent}»;`), use, draft(select, part))).toMatchObject({ reason });
  });

  it('runs the builder through execute where the whole result is used and that gives the same', async () => {
    const rawResult = chain({ kind: 'executor' }, ['execute', select]);
    const text = await rewrite(wrap(`return «${sent}»;`), { shape: 'result' }, draft(select, { rawResult }));
    expect(squash(text as string)).toContain(squash(`return await db.execute(${Q});`));
  });
});

describe('arguments', () => {
  const twice = call(
    drizzle('or'),
    call(drizzle('eq'), member(orders, 'id'), argument(1)),
    call(drizzle('eq'), member(orders, 'parent'), argument(1)),
  );
  const both = draft(chain({ kind: 'executor' }, ['delete', orders], ['where', twice]), { shape: 'nothing' });
  const impure = [{ expression: 'next()', repeatable: false, parameter: 'p_order_id' }];
  const line = 'await db.execute(sql`SELECT f(${next()})`)';

  it('evaluates an impure expression once, before the statement', async () => {
    const marked = wrap(`const orderId = 1;\n  «${line}»;`);
    const { spans } = unmark(marked);
    const text = await rewrite(
      marked,
      { shape: 'nothing', arguments: impure, hoistPoint: spans[0]!.start },
      both,
    );
    expect(text).toContain(
      '  const orderIdValue = next();\n  await db\n    .delete(orders)\n    .where(or(eq(orders.id, orderIdValue), eq(orders.parent, orderIdValue)));\n',
    );
  });

  it('refuses where no statement may be put before', async () => {
    expect(await rewrite(wrap(`«${line}»;`), { shape: 'nothing', arguments: impure }, both)).toMatchObject({
      reason: 'unsupported',
      detail: 'argument evaluated more than once',
    });
  });

  it('lets an expression of names and constants stand twice', async () => {
    const args = [{ expression: 'id ?? null', repeatable: false }];
    const text = await rewrite(wrap(`«${line}»;`), { shape: 'nothing', arguments: args }, both);
    expect(text).toContain('or(eq(orders.id, id ?? null), eq(orders.parent, id ?? null))');
  });

  it('still evaluates an impure expression that the body does not use', async () => {
    const marked = wrap(`«${line}»;`);
    const hoistPoint = unmark(marked).spans[0]!.start;
    const query = draft(chain({ kind: 'executor' }, ['delete', orders]), { shape: 'nothing' });
    expect(await rewrite(marked, { shape: 'nothing', arguments: impure, hoistPoint }, query)).toContain(
      '  next();\n  await db.delete(orders);\n',
    );
  });

  it('keeps the order in which impure expressions were evaluated', async () => {
    const marked = wrap('«await db.execute(sql`SELECT f(${first()}, ${second()})`)»;');
    const hoistPoint = unmark(marked).spans[0]!.start;
    const query = draft(
      chain(
        { kind: 'executor' },
        ['update', orders],
        ['set', object({ total: argument(2) })],
        ['where', argument(1)],
      ),
      { shape: 'nothing' },
    );
    const args = [
      { expression: 'first()', repeatable: false },
      { expression: 'second()', repeatable: false },
    ];
    const text = await rewrite(marked, { shape: 'nothing', arguments: args, hoistPoint }, query);
    expect(text).toContain(
      '  const a = first();\n  const b = second();\n  await db.update(orders).set({ total: b }).where(a);\n',
    );
  });

  it('does not let a name of the new code capture the expression', async () => {
    const marked = wrap('«await db.execute(sql`SELECT f(${tx})`)»;').replace('id: number', 'tx: number');
    const hoistPoint = unmark(marked).spans[0]!.start;
    const query = draft(
      call(member({ kind: 'executor' }, 'run'), {
        kind: 'arrow',
        async: false,
        parameters: ['tx'],
        body: call(member({ kind: 'local', name: 'tx' }, 'go'), argument(1)),
      }),
      { shape: 'nothing' },
    );
    const text = await rewrite(
      marked,
      {
        shape: 'nothing',
        arguments: [{ expression: 'tx', repeatable: true, parameter: 'p_id' }],
        hoistPoint,
      },
      query,
    );
    expect(text).toContain('  const id = tx;\n  await db.run((tx) => tx.go(id));\n');
  });
});

describe('names', () => {
  it('gives a table another name where the statement declares its name', async () => {
    const text = await rewrite(wrap(`const orders = «(${sent}).rows»;`), { shape: 'rows' }, draft(select));
    expect(text).toContain("import { orders as ordersTable } from './schema.js';");
    expect(squash(text as string)).toContain(
      squash('const orders = await db.select({ total: ordersTable.total }).from(ordersTable)'),
    );
  });

  it('gives an operator another name where a parameter has it', async () => {
    const text = await rewrite(
      wrap(`«${sent}»;`).replace('id: number', 'id: number, eq: boolean'),
      { shape: 'nothing' },
      draft(select),
    );
    expect(text).toContain("import { eq as equals } from 'drizzle-orm';");
    expect(text).toContain('where(equals(');
  });

  it('lets a name alone that only another function uses', async () => {
    const other = 'function other(orders: string) {\n  return orders;\n}\n';
    expect(await rewrite(wrap(`«${sent}»;`) + other, { shape: 'nothing' }, draft(select))).toContain(
      "import { orders } from './schema.js'",
    );
  });

  it.each<[string, string, string]>([
    ['a namespace', "import * as schema from './schema.js';\n", 'from(schema.orders)'],
    ['an alias', "import { orders as o } from './schema.js';\n", 'from(o)'],
    ['a barrel', "import { orders } from './index.js';\n", 'from(orders)'],
  ])('uses %s that the file imports already', async (_, line, expected) => {
    const more = { '/app/src/index.ts': "export * from './schema.js';\n" };
    const text = (await rewrite(
      wrap(`«${sent}»;`).replace('\n\n', `\n${line}\n`),
      { shape: 'nothing' },
      draft(select),
      '/app/src/a.ts',
      more,
    )) as string;
    expect(text).toContain(expected);
    expect(text.match(/import/g)).toHaveLength(3);
  });

  it('imports the client for a site that sends by a pool', async () => {
    const marked =
      "import { pool } from './pool.js';\n\nexport async function run(id: number) {\n  «await pool.query('SELECT f($1)', [id])»;\n}\n";
    const text = await rewrite(marked, { shape: 'nothing', kind: 'pg-pool', imported: true }, draft(select));
    expect(text).toBe(
      "import { eq } from 'drizzle-orm';\nimport { db } from './db.js';\nimport { orders } from './schema.js';\n\nexport async function run(id: number) {\n  await db\n    .select({ total: orders.total })\n    .from(orders)\n    .where(eq(orders.id, id));\n}\n",
    );
  });

  it('imports a helper from a support file that is made for it', async () => {
    const helped = call({ kind: 'routine', module: 'support', name: 'int4' }, argument(1));
    const query = draft(chain({ kind: 'executor' }, ['delete', orders], ['where', helped]), {
      shape: 'nothing',
    });
    const { text, spans } = unmark(wrap(`«${sent}»;`));
    const project = sample({ ...base, '/app/src/a.ts': text });
    const { site, use } = siteAt('/app/src/a.ts', spans[0]!, { shape: 'nothing' });
    const placed = await placeInline(site, use, query, project.context);
    if ('reason' in placed) throw new Error(placed.detail);
    const changes = assemble([placed], project.files, {
      resolver: project.resolver,
      styles: project.context.styles,
    });
    expect(changes.map(({ path }) => path)).toEqual(['/app/src/a.ts', '/app/src/routines/support.ts']);
    expect(changes[0]?.after).toContain("import { int4 } from './routines/support.js';");
    expect(changes[0]?.after).toContain('await db.delete(orders).where(int4(id));');
    expect(changes[1]?.after).toContain('export function int4<');
  });

  it('writes no types into JavaScript, and requires where the file requires', async () => {
    const typed = draft({
      kind: 'as',
      value: chain({ kind: 'executor' }, [
        'select',
        object({ n: { kind: 'sql', type: 'string', parts: ['1'] } }),
      ]),
      type: 'unknown',
    });
    const marked =
      "const { sql } = require('drizzle-orm');\nconst { db } = require('./db');\n\nmodule.exports = async (id) => {\n  «await db.execute(sql`SELECT f(${id})`)»;\n  return db.delete(sql);\n};\n";
    const text = await rewrite(marked, { shape: 'nothing' }, typed, '/app/src/a.js');
    expect(text).toContain('  await db.select({ n: sql`1` });\n');
    const required = await rewrite(marked, { shape: 'nothing' }, draft(select), '/app/src/a.js');
    expect(required).toContain(
      "const { eq, sql } = require('drizzle-orm');\nconst { db } = require('./db');\nconst { orders } = require('./schema');\n",
    );
  });
});

describe('layout', () => {
  it('keeps CRLF, a byte order mark and every byte outside the edits', async () => {
    const marked = `\uFEFF${wrap(`const  odd = 1 ;\n  «${sent}»;`)}`.replaceAll('\n', '\r\n');
    const text = (await rewrite(marked, { shape: 'nothing' }, draft(select))) as string;
    expect(text.startsWith('\uFEFFimport')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(text).toContain('  const  odd = 1 ;\r\n');
  });

  it('follows tabs, double quotes and missing semicolons', async () => {
    const marked =
      'import { sql } from "drizzle-orm"\nimport { db } from "./db.js"\n\nexport async function run(id: number) {\n\tif (id) {\n\t\tconst row = «(await db.execute(sql`SELECT f(${id})`)).rows[0]»\n\t\treturn row\n\t}\n}\n';
    const text = (await rewrite(marked, { shape: 'row' }, draft(select))) as string;
    expect(text).toContain(
      'import { eq } from "drizzle-orm"\nimport { db } from "./db.js"\nimport { orders } from "./schema.js"\n',
    );
    expect(text).toMatch(/\n\t\tconst row = \(\n\t\t\tawait db/);
    expect(text).not.toContain(';');
  });

  it('does not indent the text inside a template', async () => {
    const query = draft(
      call(member({ kind: 'executor' }, 'execute'), {
        kind: 'sql',
        type: null,
        parts: ['SELECT 1\nFROM a\n  WHERE b = ', argument(1)],
      }),
      { shape: 'nothing' },
    );
    expect(await rewrite(wrap(`«${sent}»;`), { shape: 'nothing' }, query)).toContain(
      'sql`SELECT 1\nFROM a\n  WHERE b = ${id}`',
    );
  });
});

/** The sending call inside the target. */
function callSpan(text: string, target: { start: number; end: number }) {
  const inner = text.slice(target.start, target.end);
  const start = target.start + inner.search(/\w+\.(?:execute|query)\(/);
  return { start, end: target.start + inner.search(/[`\]]\)/) + 2 };
}

/** Layout aside: white space and the commas that a formatter adds. */
function squash(text: string): string {
  return text.replace(/,?\s+/g, (space) => (space.startsWith(',') ? ',' : '')).replace(/,([)}\]])/g, '$1');
}
