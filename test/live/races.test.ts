import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProofCase } from '../../src/7-prove/pair.js';
import type { ServerRequest, ServerResult } from '../../src/7-prove/server/server-request.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { root } from '../support/project-copy.js';
import { openScratchBench, type ScratchBench } from '../support/scratch-clone.js';

const postgres = await startPostgres();

const schema = `
  CREATE TABLE accounts (id int PRIMARY KEY, balance numeric(12,2) NOT NULL, state text NOT NULL DEFAULT 'open');
  CREATE TABLE entries (id int GENERATED ALWAYS AS IDENTITY, account int REFERENCES accounts, amount numeric(12,2));
  CREATE TABLE jobs (id int PRIMARY KEY, state text NOT NULL);
  CREATE FUNCTION pay(a int, m numeric) RETURNS numeric LANGUAGE plpgsql AS $$
    DECLARE b numeric; BEGIN
      SELECT balance INTO b FROM accounts WHERE id = a FOR UPDATE;
      INSERT INTO entries (account, amount) VALUES (a, m);
      UPDATE accounts SET balance = b - m WHERE id = a;
      RETURN b - m;
    END $$;
  CREATE FUNCTION move(f int, t int, m numeric) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM accounts WHERE id IN (f, t) ORDER BY id FOR UPDATE;
    UPDATE accounts SET balance = balance - m WHERE id = f;
    UPDATE accounts SET balance = balance + m WHERE id = t;
  END $$;
  CREATE FUNCTION claim() RETURNS int LANGUAGE sql AS $$
    UPDATE jobs SET state = 'running' WHERE id = (SELECT id FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1
      FOR UPDATE SKIP LOCKED) RETURNING id $$;
  CREATE FUNCTION close_account(a int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    UPDATE accounts SET state = 'closed' WHERE id = a;
    PERFORM pg_notify('closed', a::text);
  END $$;
`;

const seed = [
  `INSERT INTO accounts VALUES (1, 100), (2, 50), (3, 0)`,
  `INSERT INTO jobs VALUES (1, 'queued'), (2, 'queued')`,
];
const cases: readonly ProofCase[] = [
  { name: 'first', seed, args: { a: 1, b: 2, m: '5.50' } },
  { name: 'other way', seed, args: { a: 2, b: 1, m: '1.00' } },
  { name: 'miss', seed, args: { a: 99, b: 98, m: '5.50' } },
];
const tables = [
  { name: 'public.accounts', literals: { state: ['open', 'closed'] } },
  { name: 'public.jobs', literals: { state: ['queued', 'running'] } },
];
const side = (body: string): string =>
  `import { sql } from 'drizzle-orm';\nexport async function run(db: any, args: any) { ${body} }`;

describe.skipIf('skipped' in postgres).each(['node-postgres', 'postgres-js'] as const)(
  'races on %s',
  (driver) => {
    const rows = driver === 'node-postgres' ? '.rows' : '';
    let bench: ScratchBench;

    beforeAll(async () => {
      bench = await openScratchBench((postgres as TestPostgres).url, schema, driver);
    });
    afterAll(() => bench.close());

    async function ask(what: ServerRequest['what'], before: string, after: string): Promise<ServerResult> {
      const pair = {
        id: 'p',
        before: side(before),
        after: side(after),
        filename: `${root}/test/live/x.ts`,
        cases,
      };
      const request: ServerRequest = { what, pair, tables, channels: ['closed'] };
      const answer = await bench.session.ask({ kind: 'server', request }, 60_000);
      if (answer.kind !== 'server') throw new Error(JSON.stringify(answer));
      return answer.result;
    }

    const pay = `const r = (await db.execute(sql\`SELECT pay(\${args.a}, \${args.m})\`))${rows}; return r[0].pay;`;
    const steps = (select: string, update: string): string => `return db.transaction(async (tx) => {
    const [row] = (await tx.execute(sql\`${select}\`))${rows};
    await tx.execute(sql\`INSERT INTO entries (account, amount) VALUES (\${args.a}, \${args.m})\`);
    await tx.execute(sql\`${update}\`);
    return row?.left ?? null;
  });`;
    const select = 'SELECT balance - ${args.m}::numeric AS left FROM accounts WHERE id = ${args.a}';
    const update = 'UPDATE accounts SET balance = ${row?.left ?? null} WHERE id = ${args.a}';

    it('finds the same translation the same', async () => {
      const result = await ask('races', pay, steps(`${select} FOR UPDATE`, update));
      expect(result).toMatchObject({ status: 'same', difference: null });
      expect(result.runs).toBeGreaterThan(5);
    });

    it('finds a lost FOR UPDATE', async () => {
      const result = await ask('races', pay, steps(select, update));
      expect(result.difference?.summary).toBe('the value differs');
      expect(result.difference?.case).toContain(
        'another session: numbers of public.accounts changed, and committed',
      );
    });

    it('finds a weaker lock', async () => {
      const result = await ask('races', pay, steps(`${select} FOR KEY SHARE`, update));
      expect(result.status).toBe('differs');
    });

    it('finds SKIP LOCKED that is lost or replaced', async () => {
      const claim = `const r = (await db.execute(sql\`SELECT claim()\`))${rows}; return r[0].claim;`;
      const statement = (
        lock: string,
      ): string => `const r = (await db.execute(sql\`UPDATE jobs SET state = 'running'
      WHERE id = (SELECT id FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1 ${lock}) RETURNING id\`))${rows};
      return r[0]?.id ?? null;`;
      expect(await ask('races', claim, statement('FOR UPDATE SKIP LOCKED'))).toMatchObject({
        status: 'same',
      });
      expect((await ask('races', claim, statement('FOR UPDATE'))).difference?.summary).toBe(
        'old does not wait, new waits for the other session',
      );
      expect(await ask('races', claim, statement('FOR UPDATE NOWAIT'))).toMatchObject({ status: 'differs' });
    });

    describe('with two rows', () => {
      const move = `await db.execute(sql\`SELECT move(\${args.a}, \${args.b}, \${args.m})\`); return null;`;
      const moved = (lock: string): string => `return db.transaction(async (tx) => {
      ${lock}
      await tx.execute(sql\`UPDATE accounts SET balance = balance - \${args.m}::numeric WHERE id = \${args.a}\`);
      await tx.execute(sql\`UPDATE accounts SET balance = balance + \${args.m}::numeric WHERE id = \${args.b}\`);
      return null;
    });`;
      const locked = (order: string): string =>
        `await tx.execute(sql\`SELECT 1 FROM accounts WHERE id IN (\${args.a}, \${args.b}) ORDER BY ${order} FOR UPDATE\`);`;

      it('finds the same order of locks the same', async () => {
        expect(await ask('races', move, moved(locked('id')))).toMatchObject({ status: 'same' });
        expect(await ask('crossing', move, moved(locked('id')))).toMatchObject({ status: 'same' });
      });

      it('finds the reverse order of locks', async () => {
        const result = await ask('races', move, moved(locked('id DESC')));
        expect(result.difference?.summary).toBe('other locks are held while it waits');
        expect(result.difference?.before).not.toBe(result.difference?.after);
      });

      it('finds deadlocks that are new', async () => {
        const result = await ask('crossing', move, moved(''));
        expect(result.difference?.summary).toContain('40P01');
      });
    });

    it('finds sums that are no longer conserved', async () => {
      const result = await ask('crossing', pay, steps(select, update));
      expect(result.difference?.summary).toMatch(/sum of public.accounts.balance differs|40P01/);
    });

    it('compares notifications where cases run to their COMMIT', async () => {
      const close = `await db.execute(sql\`SELECT close_account(\${args.a})\`); return null;`;
      const closed = (notify: string): string => `return db.transaction(async (tx) => {
      await tx.execute(sql\`UPDATE accounts SET state = 'closed' WHERE id = \${args.a}\`);
      ${notify}
      return null;
    });`;
      const notify = "await tx.execute(sql`SELECT pg_notify('closed', ${args.a}::text)`);";
      expect(await ask('committed', close, closed(notify))).toMatchObject({ status: 'same', runs: 3 });
      const lost = await ask('committed', close, closed(''));
      expect(lost.difference).toMatchObject({
        summary: 'the notifications differ',
        before: 'closed: 1',
        after: '',
      });
    });

    it('measures round trips and what a network makes of them', async () => {
      const { latency } = await ask('latency', pay, steps(`${select} FOR UPDATE`, update));
      expect(latency).toMatchObject({
        statements: { before: 1, after: 5 },
        // postgres.js asks for the types of a statement's parameters before it sends them.
        roundTrips: driver === 'node-postgres' ? { before: 1, after: 5 } : { before: 2, after: 8 },
      });
      expect(latency?.far.before).toBeGreaterThan(1);
      // Five messages of a millisecond each. A difference to `near` would be an affair of the machine's load.
      expect(latency?.far.after).toBeGreaterThan(4);
    });
  },
);

afterAll(async () => {
  if (!('skipped' in postgres)) await postgres.stop();
});
