/**
 * Several callers at once compile once, and a lock that a killed one left behind stops nobody. The compiler is a small
 * one that takes its time, because what is tested is who runs it.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
let folder: string;
beforeEach(() => {
  folder = join(tmpdir(), `ensure-build-${process.pid}-${Date.now()}`);
  for (const name of ['src', 'scripts', 'dist', 'node_modules/typescript/bin'])
    mkdirSync(join(folder, name), { recursive: true });
  cpSync(join(root, 'scripts', 'ensure-build.js'), join(folder, 'scripts', 'ensure-build.js'));
  write('package.json', '{"type":"module"}');
  write('tsconfig.json', '{}');
  write('src/cli.ts', '');
  write(
    'node_modules/typescript/package.json',
    '{"name":"typescript","exports":{"./package.json":"./package.json"}}',
  );
  write(
    'node_modules/typescript/bin/tsc',
    `setTimeout(() => require('node:fs').writeFileSync('dist/cli.js', ''), 1000);`,
  );
  write(
    'scripts/keep-empty-database.js',
    `import { appendFileSync, writeFileSync } from 'node:fs';
appendFileSync('builds.txt', 'x');
writeFileSync('dist/empty-database-1', '');
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const build = () =>
  new Promise<string>((resolve) => {
    let said = '';
    const child = spawn(process.execPath, [join(folder, 'scripts', 'ensure-build.js')], { cwd: folder });
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('close', (code) => resolve(`${String(code)} ${said}`));
  });
const builds = () => readFileSync(join(folder, 'builds.txt'), 'utf8').length;

it('compiles once for several callers at once, and gives the lock back', async () => {
  expect(await Promise.all([build(), build(), build(), build()])).toEqual(['0 ', '0 ', '0 ', '0 ']);
  expect(builds()).toBe(1);
  expect(existsSync(join(folder, 'dist', '.building'))).toBe(false);
  expect(await build()).toBe('0 ');
  expect(builds()).toBe(1);
}, 180_000);

it('takes over the lock of a process that has ended', async () => {
  const ended = spawn(process.execPath, ['-e', '0']);
  await new Promise((resolve) => ended.on('close', resolve));
  write('dist/.building', String(ended.pid));
  expect(await Promise.all([build(), build()])).toEqual(['0 ', '0 ']);
  expect(builds()).toBe(1);
}, 180_000);

it('waits for a process that still builds', async () => {
  write('dist/.building', String(process.pid));
  const waiting = build();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(existsSync(join(folder, 'builds.txt'))).toBe(false);
  rmSync(join(folder, 'dist', '.building'));
  expect(await waiting).toBe('0 ');
  expect(builds()).toBe(1);
}, 180_000);
