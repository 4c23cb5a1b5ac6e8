import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MigrateError } from '../../../src/errors.js';
import { resolveSource } from '../../../src/io/resolve-source.js';

let folder = '';
const secret = 'hunter2';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-'));
  for (const path of ['migrations/meta', 'migrations/0002_more', 'empty']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  for (const path of ['0001_a.sql', '0010_c.sql', '0002_more/x.SQL', 'meta/snapshot.sql', 'readme.md']) {
    writeFileSync(join(folder, 'migrations', path), '');
  }
  writeFileSync(join(folder, 'a,b.sql'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  [`postgres://ada:${secret}@db.example:6543/app?sslmode=require`, 'db.example:6543/app'],
  [`postgresql://ada:${secret}@db.example/app`, 'db.example:5432/app'],
  [`postgres://ada:${secret}@/app?host=/var/run/postgresql`, '/var/run/postgresql:5432/app'],
])('a URL is labelled without its password: %s', (url, label) => {
  const source = resolveSource(url, {}, folder);
  expect(source).toEqual({ kind: 'url', url, label, origin: '--db' });
  expect(source.label).not.toContain(secret);
});

test('a variable is taken by name, and DATABASE_URL without an option', () => {
  const env = { DATABASE_URL: 'postgres://h/one', OTHER: 'postgres://h/two' };
  expect(resolveSource(undefined, env, folder)).toMatchObject({
    label: 'h:5432/one',
    origin: 'DATABASE_URL',
  });
  expect(resolveSource('env:OTHER', env, folder)).toMatchObject({ label: 'h:5432/two', origin: 'env:OTHER' });
});

test('a folder gives its .sql files in name order, without meta', () => {
  expect(resolveSource('migrations', {}, folder)).toEqual({
    kind: 'files',
    label: 'migrations',
    paths: ['0001_a.sql', '0002_more/x.SQL', '0010_c.sql'].map((name) => join(folder, 'migrations', name)),
  });
});

test('files keep the order in which they are given, and a comma may be part of a name', () => {
  expect(resolveSource('migrations/0010_c.sql, migrations/0001_a.sql', {}, folder)).toMatchObject({
    paths: ['0010_c.sql', '0001_a.sql'].map((name) => join(folder, 'migrations', name)),
    label: 'migrations/0010_c.sql, migrations/0001_a.sql',
  });
  expect(resolveSource('a,b.sql', {}, folder)).toMatchObject({ paths: [join(folder, 'a,b.sql')] });
});

describe('what cannot be meant is refused with a hint and without the password', () => {
  test.each([
    [undefined, 'no-database'],
    ['', 'no-database'],
    ['env:MISSING', 'no-database'],
    ['env:WRONG', 'bad-url'],
    [`postgres://ada:${secret}@host:notaport/app`, 'bad-url'],
    [`mysql://ada:${secret}@host/app`, 'bad-url'],
    [`postgres:/ada:${secret}@host/app`, 'no-such-source'],
    [`ada:${secret}@host/app`, 'no-such-source'],
    ['missing.sql', 'no-such-source'],
    ['migrations/readme.md', 'not-sql'],
    ['empty', 'no-sql-files'],
  ])('%s', (option, code) => {
    const failure = catching(() =>
      resolveSource(option, { WRONG: `mysql://ada:${secret}@host/app` }, folder),
    );
    expect(failure).toMatchObject({ code, exitCode: 2 });
    expect(failure.hint).toBeTruthy();
    expect(`${failure.title} ${failure.detail} ${failure.hint}`).not.toContain(secret);
  });
});

function catching(run: () => unknown): MigrateError {
  try {
    run();
  } catch (error) {
    if (error instanceof MigrateError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
