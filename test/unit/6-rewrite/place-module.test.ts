import { describe, expect, it } from 'vitest';
import type { Code, Line } from '../../../src/5-translate/code.js';
import type { ModuleDraft } from '../../../src/5-translate/draft.js';
import { assemble } from '../../../src/6-rewrite/assemble.js';
import { placeModule } from '../../../src/6-rewrite/place-module.js';
import type { SitePlan } from '../../../src/6-rewrite/site-plan.js';
import { onlyClient, sample, siteAt, unmark, type UseOptions } from '../../support/rewrite-sample.js';

const orders: Code = { kind: 'table', schema: 'public', table: 'orders' };
const member = (object: Code, property: string): Code => ({ kind: 'member', object, property });
const call = (callee: Code, ...args: Code[]): Code => ({ kind: 'call', callee, arguments: args });
const remove: Line = {
  kind: 'expression',
  value: {
    kind: 'await',
    value: call(
      member(call(member({ kind: 'executor' }, 'delete'), orders), 'where'),
      call({ kind: 'import', module: 'drizzle-orm', name: 'eq' }, member(orders, 'id'), {
        kind: 'argument',
        position: 1,
      }),
    ),
  },
};

function draft(part: Partial<ModuleDraft> = {}): ModuleDraft {
  return {
    kind: 'module',
    completeness: 'complete',
    todos: [],
    statements: 1,
    roundTrips: 3,
    hazards: [],
    describable: [],
    name: 'closeOrder',
    documentation: 'public.close_order(order_id integer, reason text)',
    executor: 'tx',
    parameters: [
      { position: 1, name: 'orderId', type: 'number', default: null },
      { position: 2, name: 'reason', type: 'string', default: { kind: 'string', value: 'none' } },
    ],
    body: [remove],
    returns: null,
    shape: 'nothing',
    columns: [],
    ...part,
  };
}

const files = {
  '/app/package.json': '{ "name": "app", "type": "module" }',
  '/app/tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "strict": true } }',
  '/app/src/db.ts':
    "export const db = drizzle('');\nexport function executeTransaction() {\n  return 1;\n}\n",
  '/app/src/schema.ts': 'export const orders = 1;\n',
};
const head = "import { sql } from 'drizzle-orm';\nimport { db } from './db.js';\n\n";
const sent = 'await db.execute(sql`SELECT close_order(${id})`)';
const marked = `${head}export async function run(id: number) {\n  «${sent}»;\n}\n`;

async function place(
  text: string,
  use: Partial<UseOptions>,
  plan = draft(),
  more: Record<string, string> = {},
  clients = [onlyClient],
) {
  const { text: bare, spans } = unmark(text);
  const project = sample({ ...files, ...more, '/app/src/a.ts': bare }, undefined, clients);
  const given = siteAt('/app/src/a.ts', spans[0]!, {
    shape: 'nothing',
    arguments: [
      { expression: 'id', repeatable: true },
      { expression: 'why', repeatable: true },
    ],
    ...use,
  });
  const [result] = await placeModule([given], plan, project.context);
  const texts = (plans: readonly SitePlan[]) =>
    Object.fromEntries(
      assemble(plans, project.files, {
        resolver: project.resolver,
        styles: project.context.styles,
        existing: project.context.existing,
      }).map(({ path, after }) => [path, after]),
    );
  return { result: result!, texts };
}

async function changesOf(
  text: string,
  use: Partial<UseOptions>,
  plan = draft(),
  more: Record<string, string> = {},
) {
  const { result, texts } = await place(text, use, plan, more);
  if ('reason' in result) throw new Error(result.detail);
  return texts([result]);
}

describe('a routine in a module of its own', () => {
  it('makes the function, an index and the types that it uses, and calls it in a transaction', async () => {
    expect(await changesOf(marked, {})).toEqual({
      '/app/src/a.ts':
        "import { executeTransaction } from './db.js';\nimport * as routines from './routines/index.js';\n\nexport async function run(id: number) {\n  await executeTransaction((tx) =>\n    routines.closeOrder(tx, { orderId: id, reason: why }),\n  );\n}\n",
      '/app/src/routines/close-order.ts':
        "import { eq } from 'drizzle-orm';\nimport { orders } from '../schema.js';\nimport type { Transaction } from './support.js';\n\n/** public.close_order(order_id integer, reason text) */\nexport async function closeOrder(\n  tx: Transaction,\n  { orderId, reason = 'none' }: { orderId: number; reason?: string },\n) {\n  await tx.delete(orders).where(eq(orders.id, orderId));\n}\n",
      '/app/src/routines/index.ts': "export { closeOrder } from './close-order.js';\n",
      '/app/src/routines/support.ts':
        "import type { db } from '../db.js';\n\n/** What the callback of a transaction is given. */\nexport type Transaction = Parameters<Parameters<typeof db.transaction>[0]>[0];\n",
    });
  });

  it('takes the helpers that the body calls along with what these need, once', async () => {
    const check: Line = {
      kind: 'expression',
      value: call({ kind: 'routine', module: 'support', name: 'int4' }, { kind: 'argument', position: 1 }),
    };
    const changes = await changesOf(marked, {}, draft({ body: [check, check, remove] }));
    expect(changes['/app/src/routines/close-order.ts']).toContain(
      "import { int4, type Transaction } from './support.js';",
    );
    const support = changes['/app/src/routines/support.ts'] ?? '';
    expect(support.match(/^export (?:async )?\w+ \w+/gm)).toEqual([
      'export class RoutineError',
      'export function int4',
      'export type Transaction',
    ]);
    expect(support).toMatch(
      /^import \{ DrizzleQueryError \} from 'drizzle-orm';\nimport \{ DatabaseError \} from 'pg';\n/,
    );
  });

  it('adds helpers to a support file of an earlier run', async () => {
    const check: Line = {
      kind: 'expression',
      value: call({ kind: 'routine', module: 'support', name: 'int4' }, { kind: 'argument', position: 1 }),
    };
    const old =
      "import type { db } from '../db.js';\n\nexport type Transaction = typeof db;\nexport class RoutineError {}\n";
    const changes = await changesOf(marked, {}, draft({ body: [check, remove] }), {
      '/app/src/routines/support.ts': old,
    });
    expect(changes['/app/src/routines/support.ts']?.startsWith(`${old}\n/** Lets through`)).toBe(true);
  });

  describe('that calls others', () => {
    const checked = draft({
      name: 'checkOrder',
      documentation: 'public.check_order(order_id integer)',
      executor: 'db',
      parameters: [{ position: 1, name: 'orderId', type: 'number', default: null }],
    });
    const check: Line = {
      kind: 'expression',
      value: {
        kind: 'await',
        value: call(
          { kind: 'routine', module: checked.documentation, name: checked.name },
          { kind: 'executor' },
        ),
      },
    };

    it('imports them, and each is made once', async () => {
      const changes = await changesOf(marked, {}, draft({ body: [check, check], callees: [checked] }));
      expect(changes['/app/src/routines/close-order.ts']).toContain(
        "import { checkOrder } from './check-order.js';",
      );
      expect(changes['/app/src/routines/close-order.ts']?.match(/await checkOrder\(tx\)/g)).toHaveLength(2);
      expect(changes['/app/src/routines/check-order.ts']).toContain('export async function checkOrder(');
      expect(changes['/app/src/routines/index.ts']).toBe(
        "export { checkOrder } from './check-order.js';\nexport { closeOrder } from './close-order.js';\n",
      );
    });

    it('imports them under the names that they got beside the files of others', async () => {
      const changes = await changesOf(marked, {}, draft({ body: [check], callees: [checked] }), {
        '/app/src/routines/check-order.ts': 'export const theirs = 1;\n',
      });
      expect(Object.keys(changes)).not.toContain('/app/src/routines/check-order.ts');
      expect(changes['/app/src/routines/close-order.ts']).toContain(
        "import { checkOrder2 } from './check-order2.js';",
      );
      expect(changes['/app/src/routines/close-order.ts']).toContain('await checkOrder2(tx)');
    });

    it('tells overloaded ones apart', async () => {
      const other = { ...checked, documentation: 'public.check_order(code text)' };
      const second: Line = {
        kind: 'expression',
        value: call({ kind: 'routine', module: other.documentation, name: other.name }, { kind: 'executor' }),
      };
      const body = [check, second];
      const changes = await changesOf(marked, {}, draft({ body, callees: [checked, other] }));
      const text = changes['/app/src/routines/close-order.ts'] ?? '';
      expect(text).toMatch(/await checkOrder\(tx\);\s+checkOrder2\(tx\);/);
    });

    it('uses those of an earlier run', async () => {
      const theirs = `/** ${checked.documentation} */\nexport async function checkOrder() {}\n`;
      const changes = await changesOf(marked, {}, draft({ body: [check], callees: [checked] }), {
        '/app/src/routines/check-order.ts': theirs,
        '/app/src/routines/index.ts': "export { checkOrder } from './check-order.js';\n",
      });
      expect(Object.keys(changes)).not.toContain('/app/src/routines/check-order.ts');
      expect(changes['/app/src/routines/index.ts']).toBe(
        "export { checkOrder } from './check-order.js';\nexport { closeOrder } from './close-order.js';\n",
      );
    });
  });

  it('refuses a helper that nothing is known of', async () => {
    const check: Line = {
      kind: 'expression',
      value: call({ kind: 'routine', module: 'support', name: 'nothing' }),
    };
    expect((await place(marked, {}, draft({ body: [check] }))).result).toMatchObject({
      reason: 'unsupported',
    });
  });

  it('takes everything away again when its only site is declined', async () => {
    const { texts } = await place(marked, {});
    expect(texts([])).toEqual({});
  });

  it('uses the transaction that the site is in', async () => {
    const text = marked.replaceAll('db.execute', 'tx.execute').replace('id: number', 'id: number, tx: Tx');
    const changes = await changesOf(text, { executor: 'tx', inTransaction: true });
    expect(changes['/app/src/a.ts']).toContain(
      '  await routines.closeOrder(tx, { orderId: id, reason: why });\n',
    );
    expect(changes['/app/src/a.ts']).not.toContain('executeTransaction');
  });

  describe('that reads one snapshot', () => {
    const reading = draft({ snapshot: true });

    it("takes the client's own transaction, since the project's helper hands no isolation level on", async () => {
      const made = await changesOf(marked, {}, reading);
      expect(made['/app/src/a.ts']).toBe(
        "import { db } from './db.js';\nimport * as routines from './routines/index.js';\n\nexport async function run(id: number) {\n  await db.transaction(\n    (tx) => routines.closeOrder(tx, { orderId: id, reason: why }),\n    { isolationLevel: 'repeatable read', accessMode: 'read only' },\n  );\n}\n",
      );
      expect(made['/app/src/routines/close-order.ts']).toContain(
        'only a transaction that is `repeatable read`',
      );
    });

    it('is refused inside a transaction', async () => {
      const text = marked.replace('db.execute', 'tx.execute');
      const { result } = await place(text, { executor: 'tx', inTransaction: true }, reading);
      expect(result).toEqual({ reason: 'snapshot', detail: 'the call stands inside a transaction' });
    });

    it('is refused on a client that is handed in and may be a transaction', async () => {
      const text = marked.replace('db.execute', 'client.execute');
      const { result } = await place(text, { executor: 'client' }, reading);
      expect(result).toMatchObject({ reason: 'snapshot' });
    });
  });

  it('evaluates an impure argument before the transaction begins', async () => {
    const changes = await changesOf(marked, {
      hoistPoint: unmark(marked).spans[0]!.start,
      arguments: [
        { expression: 'next()', repeatable: false, parameter: 'order_id' },
        { expression: 'why', repeatable: true },
      ],
    });
    expect(changes['/app/src/a.ts']).toContain(
      '  const orderId = next();\n  await executeTransaction((tx) =>\n    routines.closeOrder(tx, { orderId, reason: why }),\n  );\n',
    );
  });

  it('leaves an argument out that the call leaves to its default', async () => {
    const changes = await changesOf(marked, { arguments: [{ expression: 'id', repeatable: true }] });
    expect(changes['/app/src/a.ts']).toContain('routines.closeOrder(tx, { orderId: id })');
  });

  it('joins an index of an earlier run and leaves foreign files alone', async () => {
    const changes = await changesOf(marked, {}, draft(), {
      '/app/src/routines/index.ts': "export { other } from './other.js';\n",
      '/app/src/routines/close-order.ts': '// by hand\n',
      '/app/src/routines/support.ts': 'export type Transaction = never;\n',
    });
    expect(Object.keys(changes)).toEqual([
      '/app/src/a.ts',
      '/app/src/routines/close-order2.ts',
      '/app/src/routines/index.ts',
    ]);
    expect(changes['/app/src/routines/index.ts']).toBe(
      "export { other } from './other.js';\nexport { closeOrder2 } from './close-order2.js';\n",
    );
    expect(changes['/app/src/a.ts']).toContain('routines.closeOrder2(tx');
  });

  it('calls a function of an earlier run that was finished by hand', async () => {
    const changes = await changesOf(marked, {}, draft(), {
      '/app/src/routines/index.ts': "export { closeOrder } from './close-order.js';\n",
      '/app/src/routines/close-order.ts':
        '/** public.close_order(order_id integer, reason text) */\nexport async function closeOrder() {}\n',
    });
    expect(Object.keys(changes)).toEqual(['/app/src/a.ts']);
  });

  it('refuses where a parameter may be either of two clients', async () => {
    const text = marked
      .replace("import { db } from './db.js';\n", '')
      .replace('id: number', 'id: number, db: any');
    const two = [onlyClient, { ...onlyClient, file: '/app/src/other.ts' }];
    expect((await place(text, {}, draft(), {}, two)).result).toMatchObject({ reason: 'no-client' });
  });
});
