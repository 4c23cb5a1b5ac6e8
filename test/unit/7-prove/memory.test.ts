/** Bodies that take all the memory there is: they cost their own proof and nobody else's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pair } from '../../../src/7-prove/pair.js';
import { openProofSession, type ProofSession } from '../../../src/7-prove/proof-session.js';
import { makeClone } from '../../support/proof-clone.js';
import { root } from '../../support/project-copy.js';

const schema = `
  CREATE FUNCTION grown_text() RETURNS int LANGUAGE plpgsql AS $$
  DECLARE v text := 'x'; BEGIN LOOP v := v || v; END LOOP; END $$;
  CREATE FUNCTION kept_texts(n int) RETURNS int LANGUAGE plpgsql AS $$
  DECLARE v text := repeat('x', 200000000); BEGIN
    IF n = 0 THEN RETURN 0; END IF;
    RETURN length(v) + kept_texts(n - 1);
  END $$;
  CREATE FUNCTION endless(n int) RETURNS int LANGUAGE plpgsql AS $$
  BEGIN RETURN endless(n + 1); END $$;
  CREATE FUNCTION deep(n int) RETURNS int LANGUAGE plpgsql AS $$
  BEGIN IF n = 0 THEN RETURN 0; END IF; RETURN 1 + deep(n - 1); END $$;
  CREATE FUNCTION quick() RETURNS int LANGUAGE sql AS 'SELECT 7';
`;

function pairOf(call: string): Pair {
  const side = `import { sql } from 'drizzle-orm';
    export async function run(db: any) { return (await db.execute(sql\`SELECT ${call} AS n\`)).rows; }`;
  return {
    id: call,
    before: side,
    after: side,
    filename: `${root}/test/unit/x.ts`,
    cases: [{ name: 'only', seed: [], args: {} }],
  };
}

describe('a body that takes all memory', { timeout: 300_000 }, () => {
  let session: ProofSession;
  beforeAll(async () => {
    const clone = await makeClone(schema);
    session = openProofSession(clone, { packageFile: `${root}/package.json`, driver: 'node-postgres' });
  }, 120_000);
  afterAll(() => session.close());

  const goesOn = async (): Promise<void> => {
    const next = await session.ask({ kind: 'pair', pair: pairOf('quick()') }, 120_000);
    expect(next).toMatchObject({ kind: 'result', result: { status: 'same', cases: 1 } });
  };

  it('by a limit of PostgreSQL fails in the same way on both sides', async () => {
    const answer = await session.ask({ kind: 'pair', pair: pairOf('grown_text()') }, 120_000);
    expect(answer).toMatchObject({ kind: 'result', result: { status: 'same', cases: 1 } });
    await goesOn();
  });

  it('of the copy was not compared, and the copy goes on', async () => {
    const answer = await session.ask({ kind: 'pair', pair: pairOf('kept_texts(50)') }, 120_000);
    const reason = 'case "only", in which the old side runs out of memory';
    expect(answer).toMatchObject({ kind: 'result', result: { status: 'not_run', cases: 0, reason } });
    await goesOn();
  });

  it('of the stack was not compared, and the copy goes on', async () => {
    const answer = await session.ask({ kind: 'pair', pair: pairOf('endless(1)') }, 120_000);
    const reason = 'case "only", in which the old side calls itself more deeply than the stack allows';
    expect(answer).toMatchObject({ kind: 'result', result: { status: 'not_run', cases: 0, reason } });
    const within = await session.ask({ kind: 'pair', pair: pairOf('deep(100)') }, 120_000);
    expect(within).toMatchObject({ kind: 'result', result: { status: 'same', cases: 1 } });
    await goesOn();
  });

  it('of the thread costs the thread, which is made anew', async () => {
    const hog = 'const kept = []; for (;;) kept.push(new Array(1e4).fill(kept.length));';
    const pair = { ...pairOf('quick()'), after: `export async function run() { ${hog} }` };
    const answer = await session.ask({ kind: 'pair', pair }, 120_000);
    expect(answer).toMatchObject({ kind: 'none', reason: expect.stringMatching(/memory/) as string });
    await goesOn();
  });
});
