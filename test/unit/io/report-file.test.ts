import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkReportPath, writeReportFile } from '../../../src/io/report-file.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('report files', () => {
  it('are checked without a trace and replaced as a whole', async () => {
    const path = join(folder, 'r.json');
    await checkReportPath(path);
    expect(await readdir(folder)).toEqual([]);
    await writeFile(path, 'old');
    await checkReportPath(path);
    await writeReportFile(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['r.json']);
  });

  it.each(['missing/r.json', 'folder.json', 'file/r.json'])('refuses %s', async (name) => {
    await mkdir(join(folder, 'folder.json'));
    await writeFile(join(folder, 'file'), '');
    await expect(checkReportPath(join(folder, name))).rejects.toMatchObject({
      code: 'report-not-writable',
      exitCode: 2,
    });
  });
});
