/** `check` on the project collections, before and after its calls are rewritten: only those that were kept stay. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, type ProjectCopy } from '../support/project-copy.js';
import { runCommand } from '../support/run-command.js';

interface Found {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

let project: ProjectCopy;
beforeAll(async () => {
  project = await copyProject('collections');
});
afterAll(() => project.remove());

const check = async (...args: string[]): Promise<readonly Found[]> => {
  const run = await runCommand(['check', '--format', 'json', ...args, 'src'], { cwd: project.folder });
  expect([0, 1], run.stderr).toContain(run.code);
  return (JSON.parse(run.stdout) as { findings: Found[] }).findings;
};
const rawCalls = (found: readonly Found[]) => found.filter(({ rule }) => rule === 'raw-routine-call');

describe('the raw calls of collections', () => {
  it('fall from its call sites to those that were kept', async () => {
    const before = rawCalls(await check());
    const { stdout } = await runCommand(['--db', 'sql', '--yes', '--no-prove', 'src'], {
      cwd: project.folder,
    });
    const after = rawCalls(await check());
    console.log(`raw-routine-call in collections: ${before.length} before the run, ${after.length} after it`);
    expect(before).toHaveLength(28);
    expect(after.map(({ message }) => /`(\w+)`/.exec(message)?.[1]).sort(), stdout).toEqual([
      'search_records',
      'try_lock_queue',
    ]);
  }, 600_000);

  it('name what the bodies that stay do to a pooled connection', async () => {
    const found = await check('--db', 'sql');
    const state = found.filter(({ rule }) => rule === 'body-session-state');
    expect(state).toHaveLength(1);
    expect(state[0]?.message).toMatch(
      /try_lock_queue, line \d+ of its body \(sql\/\w+\.sql:\d+\): pg_try_advisory_lock/,
    );
  }, 600_000);
});
