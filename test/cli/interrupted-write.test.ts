/** A run that is killed while it writes, and one whose disk is full: the sources never stay half written. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand, type CommandRun } from '../support/run-command.js';
import { smallFiles, smallProject } from '../support/small-project.js';

/** Loaded before the command; the second source file to be put in place meets `act`. */
const preload = (method: 'rename' | 'open', act: string): string => `
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const real = fs.${method};
let files = 0;
fs.${method} = async (path, ...rest) => {
  if (/\\.ts\\.[0-9a-f]{8}\\.migrate-rpc$/.test(String(path)) && ++files === 2) { ${act} }
  return real(path, ...rest);
};
syncBuiltinESMExports();
`;

let project: ProjectFolder;
afterEach(() => project.remove());

const second = smallFiles['src/service.ts'].replace('renameAccount', 'renameAgain');
const sources = { 'src/service.ts': smallFiles['src/service.ts'], 'src/second.ts': second };

function committed(): void {
  project = smallProject({ ...sources, '.gitignore': 'node_modules\npreload.mjs\n' });
  const git = (...args: string[]): void => void execFileSync('git', ['-C', project.root, ...args]);
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '-m', 'start');
}

function run(act: string | null, method: 'rename' | 'open' = 'rename', flag = '--yes'): Promise<CommandRun> {
  const file = project.path('preload.mjs');
  writeFileSync(file, act === null ? '' : preload(method, act));
  return runCommand(['--db', 'schema.sql', flag, '--no-prove', 'src'], {
    cwd: project.root,
    env: { NODE_OPTIONS: `--import=${file}` },
  });
}

const texts = () =>
  Object.fromEntries(Object.keys(sources).map((name) => [name, readFileSync(project.path(name), 'utf8')]));
const leftOver = () =>
  readdirSync(project.path('src')).filter((name) => name.endsWith('.migrate-rpc') || name.startsWith('.'));

it('takes back what a killed run wrote in part, before git is asked, and says so', async () => {
  committed();
  const killed = await run(`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`);
  expect(killed.code).toBeNull();
  const changed = Object.entries(texts()).filter(
    ([name, text]) => text !== sources[name as keyof typeof sources],
  );
  expect(changed).toHaveLength(1);

  const dry = await run(null, 'rename', '--dry-run');
  expect(dry.stderr).toContain('An interrupted run left files of');
  expect(
    Object.entries(texts()).filter(([name, text]) => text !== sources[name as keyof typeof sources]),
  ).toEqual(changed);

  const again = await run(null);
  expect(again.stderr).toContain('these hold their old text again: src/second.ts.');
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('2 rewritten')]);
  expect(Object.values(texts()).every((text) => text.includes('db.update(accounts)'))).toBe(true);
  expect(leftOver()).toEqual([]);
}, 400_000);

it('changes no file when the disk is full at the second one', async () => {
  committed();
  const full = await run(
    `throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });`,
    'open',
  );
  expect(full.code).toBe(2);
  expect(full.stderr).toContain('The disk is full; no file was changed');
  expect(full.stderr).toContain(join(project.root, 'src'));
  expect(full.stderr).toContain('Make room and run again.');
  expect(texts()).toEqual(sources);
  expect(leftOver()).toEqual([]);
}, 200_000);
