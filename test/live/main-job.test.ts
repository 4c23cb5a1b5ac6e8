/** The compiled command against a real server: logins that may do little, and a connection that is cut. */
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand } from '../support/run-command.js';
import { smallFiles, smallProject, smallSql } from '../support/small-project.js';

const server = await startPostgres();

describe.skipIf('skipped' in server)('the main job on a server', () => {
  const postgres = server as TestPostgres;
  let project: ProjectFolder;
  let url = '';
  const as = (user: string): string => {
    const login = new URL(url);
    login.username = user;
    login.password = 'word:pass';
    return login.href;
  };
  const run = (db: string, ...flags: string[]) =>
    runCommand(['--db', db, ...flags, 'src'], { cwd: project.root });
  const untouched = (): void =>
    expect(readFileSync(project.path('src/service.ts'), 'utf8')).toBe(smallFiles['src/service.ts']);

  beforeAll(async () => {
    project = smallProject();
    url = await createDatabase(postgres.url, [
      smallSql,
      `DROP ROLE IF EXISTS catalog_reader, outsider`,
      `CREATE ROLE catalog_reader LOGIN PASSWORD 'word:pass'; ALTER ROLE catalog_reader SET default_transaction_read_only = on`,
      `CREATE ROLE outsider LOGIN PASSWORD 'word:pass'`,
      `REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO catalog_reader`,
    ]);
  });
  afterAll(async () => {
    project.remove();
    await postgres.stop();
  });

  it('plans and proves with a login that may only read the catalogs', async () => {
    const { code, stdout, stderr } = await run(as('catalog_reader'), '--dry-run');
    expect([code, stderr.includes('bug:')]).toEqual([1, false]);
    expect(stdout).toContain('1 rewritable');
    expect(stdout).toMatch(/proof partial: \d+ cases/);
  }, 600_000);

  it('says what a login without rights may not see, and keeps those calls', async () => {
    const { code, stdout, stderr } = await run(as('outsider'), '--yes');
    expect([code, stderr.includes('bug:')]).toEqual([1, false]);
    expect(stdout).toContain('not-visible');
    untouched();
  }, 600_000);

  it.each([
    [
      'a database that is not there',
      (good: URL) => (good.pathname = '/nowhere'),
      'There is no database nowhere',
    ],
    ['a wrong password', (good: URL) => (good.password = 'no:word'), 'refuses the login of postgres'],
  ])(
    'refuses %s',
    async (_, spoil, said) => {
      const bad = new URL(url);
      spoil(bad);
      const { code, stdout, stderr } = await run(bad.href, '--yes');
      expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
      expect(`${stdout}${stderr}`).not.toMatch(/no:word|no%3Aword/);
      untouched();
    },
    600_000,
  );

  it('ends with a message when the connection is lost between the catalog and a question', async () => {
    const cut = await cuttingProxy(new URL(url));
    const through = new URL(url);
    through.host = `127.0.0.1:${cut.port}`;
    through.searchParams.set('sslmode', 'disable');
    const { code, stderr } = await run(through.href, '--yes');
    cut.server.close();
    expect(cut.seen()).toBe(true);
    expect([code, stderr]).toEqual([2, expect.stringContaining('was lost')]);
    expect(stderr).toContain('nothing was written');
    untouched();
  }, 600_000);
});

/** Forwards until a client sends Parse, the first message of a question about a statement, then cuts both ends. */
async function cuttingProxy(
  target: URL,
): Promise<{ readonly server: Server; readonly port: number; readonly seen: () => boolean }> {
  let seen = false;
  const proxy = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const cut = (): void => void [client, upstream].map((socket) => socket.destroy());
    client.on('error', cut).on('close', cut);
    upstream.on('error', cut).on('close', cut);
    upstream.pipe(client);
    client.on('data', (chunk) => {
      seen ||= chunk[0] === 'P'.charCodeAt(0);
      if (seen) cut();
      else upstream.write(chunk);
    });
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  return { server: proxy, port: (proxy.address() as AddressInfo).port, seen: () => seen };
}
