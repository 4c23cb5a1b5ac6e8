import { spawn } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MigrateError } from '../../../src/errors.js';
import { disk, type Disk } from '../../../src/io/disk.js';
import { acquireRunLock, stateFolder } from '../../../src/io/run-lock.js';
import { readFiles } from '../../../src/io/workspace.js';
import { writeFiles } from '../../../src/io/write-files.js';

let root: string;
const at = (...path: string[]) => join(root, ...path);
const folder = () => stateFolder(root);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'migrate-rpc-write-'));
  await mkdir(at('node_modules'));
  await writeFile(at('a.ts'), 'old a\r\n');
  await writeFile(at('b.ts'), '\uFEFFold b\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const three = () => [
  { path: at('a.ts'), before: 'old a\r\n', after: 'new a\r\n' },
  { path: at('b.ts'), before: '\uFEFFold b\n', after: '\uFEFFnew b\n' },
  { path: at('routines', 'index.ts'), before: null, after: 'made\n' },
];

/** All files below the root with their texts, the lock's folder aside. */
async function tree(): Promise<Record<string, string>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const texts = await Promise.all(
    files.map(async (path) => [path.slice(root.length + 1), await readFile(path, 'utf8')]),
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

const untouched = { 'a.ts': 'old a\r\n', 'b.ts': '\uFEFFold b\n' };

describe('writing', () => {
  it('writes all files and leaves nothing beside them', async () => {
    await writeFiles(three(), folder());
    expect(await tree()).toEqual({
      'a.ts': 'new a\r\n',
      'b.ts': '\uFEFFnew b\n',
      'routines/index.ts': 'made\n',
    });
    expect(await readdir(root)).toEqual(['a.ts', 'b.ts', 'node_modules', 'routines']);
  });

  it('keeps the mode of a file and writes through a link', async () => {
    await chmod(at('a.ts'), 0o754);
    await symlink('a.ts', at('link.ts'));
    await writeFiles([{ path: at('link.ts'), before: 'old a\r\n', after: 'x' }], folder());
    expect((await stat(at('a.ts'))).mode & 0o777).toBe(0o754);
    expect(await readFile(at('a.ts'), 'utf8')).toBe('x');
    expect(await readlink(at('link.ts'))).toBe('a.ts');
  });

  it('refuses when a file changed since it was planned on', async () => {
    await writeFile(at('b.ts'), 'someone else');
    await expect(writeFiles(three(), folder())).rejects.toMatchObject({
      code: 'stale-plan',
      exitCode: 2,
      detail: at('b.ts'),
    });
    expect(await tree()).toEqual({ ...untouched, 'b.ts': 'someone else' });
  });

  it('refuses when a file that is to be made is there', async () => {
    await mkdir(at('routines'));
    await writeFile(at('routines', 'index.ts'), 'theirs');
    await expect(writeFiles(three(), folder())).rejects.toThrow(MigrateError);
    expect(await tree()).toEqual({ ...untouched, 'routines/index.ts': 'theirs' });
  });

  it.each([1, 2, 3, 4])('leaves everything as it was when the disk is full at write %i', async (number) => {
    let writes = 0;
    const full: Disk = {
      ...disk,
      async write(path, text, mode) {
        if (++writes === number) {
          await writeFile(path, text.slice(0, 2));
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        }
        await disk.write(path, text, mode);
      },
    };
    await expect(writeFiles(three(), folder(), full)).rejects.toMatchObject({
      code: 'write-failed',
      title: 'The disk is full; no file was changed',
    });
    expect(await tree()).toEqual(untouched);
    expect(await readdir(root)).toEqual(['a.ts', 'b.ts', 'node_modules']);
  });

  it.each([2, 3, 4])('takes back what was renamed when rename %i fails', async (number) => {
    let renames = 0;
    const port: Disk = {
      ...disk,
      async rename(from, to) {
        if (++renames === number) throw Object.assign(new Error('EPERM: not permitted'), { code: 'EPERM' });
        await disk.rename(from, to);
      },
    };
    await expect(writeFiles(three(), folder(), port)).rejects.toMatchObject({ code: 'write-failed' });
    expect(await tree()).toEqual(untouched);
  });
});

describe('a run that was killed', () => {
  /** Writes with a disk that never answers after so many operations, as when the process is gone. */
  async function die(operation: 'write' | 'rename', after: number): Promise<void> {
    let count = 0;
    let gone: () => void;
    const dead = new Promise<void>((resolve) => (gone = resolve));
    const port: Disk = {
      ...disk,
      [operation]: async (...args: [string, string, number | null]) => {
        if (++count > after) {
          gone();
          await new Promise(() => undefined);
        }
        await disk[operation](...args);
      },
    };
    void writeFiles(three(), folder(), port);
    await dead;
  }

  it.each<['write' | 'rename', number]>([
    ['write', 1],
    ['write', 3],
    ['rename', 1],
    ['rename', 2],
    ['rename', 3],
  ])('is taken back by the next one (%s %i)', async (operation, after) => {
    await die(operation, after);
    const lock = await acquireRunLock(root);
    await lock.release();
    expect(lock.repair).not.toBeNull();
    expect(lock.repair?.restored).toHaveLength(operation === 'rename' ? after - 1 : 0);
    expect(await tree()).toEqual(untouched);
  });

  it('leaves a file alone that someone changed since', async () => {
    await die('rename', 2);
    await writeFile(at('a.ts'), 'by hand');
    const lock = await acquireRunLock(root);
    await lock.release();
    expect(lock.repair).toEqual({ restored: [], leftAlone: [at('a.ts')] });
    expect(await tree()).toEqual({ ...untouched, 'a.ts': 'by hand' });
  });
});

describe('the lock', () => {
  it('lets one run in at a time', async () => {
    const lock = await acquireRunLock(root);
    await expect(acquireRunLock(root)).rejects.toMatchObject({ code: 'run-locked' });
    await lock.release();
    await (await acquireRunLock(root)).release();
    expect(await tree()).toEqual(untouched);
  });

  it('is taken over from a killed process, and not from a living one', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    await mkdir(folder(), { recursive: true });
    const { hostname } = await import('node:os');
    await writeFile(join(folder(), 'run.lock'), JSON.stringify({ pid: child.pid, host: hostname() }));
    await expect(acquireRunLock(root)).rejects.toMatchObject({ code: 'run-locked' });
    await new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL'));
    const both = await Promise.allSettled([acquireRunLock(root), acquireRunLock(root)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('names a lock of another machine instead of taking it', async () => {
    await mkdir(folder(), { recursive: true });
    await writeFile(join(folder(), 'run.lock'), JSON.stringify({ pid: 1, host: 'elsewhere.example' }));
    await expect(acquireRunLock(root)).rejects.toMatchObject({
      detail: expect.stringContaining('elsewhere.example') as string,
    });
  });
});

describe('reading', () => {
  it('keeps byte order marks and line endings', () => {
    expect(Object.fromEntries(readFiles([at('a.ts'), at('b.ts')]))).toEqual({
      [at('a.ts')]: 'old a\r\n',
      [at('b.ts')]: '\uFEFFold b\n',
    });
  });

  it('reads letters outside ASCII as UTF-8, and each file once', async () => {
    await writeFile(at('umlaut.ts'), "'für 5 €'");
    expect([...readFiles([at('umlaut.ts'), at('umlaut.ts')])]).toEqual([[at('umlaut.ts'), "'für 5 €'"]]);
  });

  it.each([
    ['is missing', 'none.ts'],
    ['is not UTF-8', 'latin.ts'],
  ])('says which file %s', async (_, name) => {
    await writeFile(at('latin.ts'), Buffer.from([0x63, 0xe9]));
    const thrown = () => [...readFiles([at(name)])];
    expect(thrown).toThrowError(name);
    expect(thrown).toThrowError(expect.objectContaining({ code: 'file-not-read' }));
  });
});
