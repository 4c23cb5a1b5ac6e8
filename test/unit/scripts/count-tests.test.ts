import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'count-tests.js');
const passed = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
const brokenFile = { status: 'failed', assertionResults: [{ status: 'passed' }] };

it.each([
  ['all passed', passed, '3 passed, 0 failed\n', 0],
  ['one failed', { ...passed, numFailedTests: 1 }, '3 passed, 1 failed\n', 1],
  ['one skipped', { ...passed, numPendingTests: 1 }, '1 skipped, counted as failed\n3 passed, 1 failed\n', 1],
  ['a file that does not load', { ...passed, testResults: [brokenFile] }, '3 passed, 1 failed\n', 1],
  ['no test at all', { ...passed, numPassedTests: 0 }, '0 passed, 0 failed\n', 1],
  ['no report', null, 'vitest left no report\n0 passed, 1 failed\n', 1],
])('the closing line of CI counts: %s', (_, report, stdout, status) => {
  const folder = mkdtempSync(join(tmpdir(), 'count-tests-'));
  try {
    const file = join(folder, 'report.json');
    if (report) writeFileSync(file, JSON.stringify(report));
    const run = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
    expect({ stdout: run.stdout, status: run.status }).toEqual({ stdout, status });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
