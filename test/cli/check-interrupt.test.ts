/** A signal ends `check` at once, also in the middle of work that never waits. */
import { execFileSync, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand } from '../support/run-command.js';
import { smallProject } from '../support/small-project.js';

let project: ProjectFolder;
beforeAll(async () => {
  project = smallProject({ 'tsconfig.json': JSON.stringify({ extends: './endless.json' }) });
  // Whoever reads it waits until somebody has written, the event loop with it.
  execFileSync('mkfifo', [project.path('endless.json')]);
  await runCommand(['--version'], { cwd: project.root });
}, 180_000);
afterAll(() => project.remove());

it.each(['SIGINT', 'SIGTERM'] as const)(
  'dies of %s while it reads',
  async (signal) => {
    const command = join(import.meta.dirname, '../../bin/migrate-rpc.js');
    const child = spawn(process.execPath, [command, 'check', 'src'], { cwd: project.root, stdio: 'ignore' });
    const ended = new Promise<unknown>((resolve) => {
      child.once('exit', (code, by) => resolve(by ?? code));
    });
    // Opened for writing once the other end is being read.
    const writer = await open(project.path('endless.json'), 'w');
    try {
      child.kill(signal);
      const late = new Promise((resolve) => setTimeout(resolve, 20_000, 'still running').unref());
      expect(await Promise.race([ended, late])).toBe(signal);
    } finally {
      child.kill('SIGKILL');
      await writer.close();
    }
  },
  180_000,
);
