/** The review through the compiled command on a real terminal: what is pressed decides what is written. */
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyProject, root, sourceTexts, type ProjectCopy } from '../support/project-copy.js';
import { missingTerminal, runOnTerminal, type TerminalRun } from '../support/pseudo-terminal.js';
import { runCommand } from '../support/run-command.js';

const missing = missingTerminal();
if (missing !== null) {
  if (process.env.CI !== undefined) throw new Error(`No terminal to test on: ${missing}`);
  process.stderr.write(`test/review/terminal.test.ts is skipped: ${missing}\n`);
}

describe.skipIf(missing !== null)('the review on a terminal', () => {
  let project: ProjectCopy;
  let before: Record<string, string>;
  beforeAll(() => runCommand(['--version'], { cwd: root }));
  beforeEach(async () => {
    project = await copyProject('collections');
    before = await sourceTexts(project.folder);
  });
  afterEach(() => project.remove());

  function start(environment: readonly string[] = []): TerminalRun {
    const command = [
      'env',
      ...environment,
      process.execPath,
      join(root, 'bin', 'migrate-rpc.js'),
      '--db',
      'sql',
      '--no-prove',
      'src',
    ];
    return runOnTerminal(command, project.folder);
  }

  it('writes nothing after Ctrl-C, whatever was accepted', async () => {
    const run = start();
    await run.shows('y yes');
    run.press('y');
    await run.shows('1 accepted');
    run.press('\u0003');
    const { code, written } = await run.end;
    expect(code).toBe(130);
    expect(written).toContain('Interrupted; nothing was written.');
    expect(await sourceTexts(project.folder)).toEqual(before);
  });

  it('hands the terminal to the editor and writes what was edited', async () => {
    const run = start(['EDITOR=sed -i $a//edited', 'VISUAL=']);
    await run.shows('y yes');
    run.press('e');
    await run.shows('edited by hand');
    run.press('y');
    await run.shows('1 accepted');
    run.press('q');
    const { written } = await run.end;
    expect(written).toContain('what was accepted (1) is applied');
    expect(await sourceTexts(project.folder)).not.toEqual(before);
  });

  it('says what to set where there is no editor', async () => {
    const run = start(['EDITOR=', 'VISUAL=']);
    await run.shows('y yes');
    run.press('e');
    await run.shows('No editor is set.');
    run.press('\u0003');
    expect((await run.end).code).toBe(130);
    expect(await sourceTexts(project.folder)).toEqual(before);
  });

  it('writes what was accepted and nothing else', async () => {
    const run = start();
    await run.shows('y yes');
    const shown = /src\/[\w/.-]+\.ts/.exec(run.written())?.[0] ?? '';
    run.press('y');
    await run.shows('1 accepted');
    run.press('q');
    const { code, written } = await run.end;
    expect(code).toBe(1);
    expect(written).toContain('what was accepted (1) is applied');
    const after = await sourceTexts(project.folder);
    expect(Object.keys(before).filter((file) => before[file] !== after[file])).toEqual([shown]);
  });
});
