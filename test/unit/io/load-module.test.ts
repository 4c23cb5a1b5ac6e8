import { afterAll, describe, expect, it } from 'vitest';
import { loadModules, type LoadAnswer } from '../../../src/io/load-module.js';
import { projectFolder } from '../../support/project-folder.js';

const folder = projectFolder({
  'package.json': '{}',
  'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./lib/*"] } } }',
  'lib/base.ts': 'export const base: number = 41;\n',
  'fine.ts': [
    "import 'server-only';",
    "import { base } from '@/base';",
    "console.log('noise');",
    'export const answer: number = await Promise.resolve(base + 1);',
  ].join('\n'),
  'environment.ts':
    'export const seen = [process.env.DATABASE_URL, process.env.OTHER_URL, process.env.PGHOST, process.env.PLAIN];\n',
  'throws.ts': "throw new Error('no settings\\nsecond line');\n",
  'exits.ts': 'process.exit(3);\n',
  'connects.ts':
    "import net from 'node:net';\nawait new Promise((resolve, reject) => { net.connect(5432).on('error', reject); });\n",
  'hangs.ts': 'for (;;);\n',
  'dies.ts': "process.kill(process.pid, 'SIGTERM');\nawait new Promise(() => setTimeout(() => {}, 5000));\n",
  'reader.ts':
    'export const readModules = async ({ modules }) => modules.map(({ exports }) => Object.values(exports));\n',
});
afterAll(() => {
  folder.remove();
});

const load = (names: readonly string[], deadline?: number): Promise<LoadAnswer> =>
  loadModules({
    packageFile: folder.path('package.json'),
    tsconfig: folder.path('tsconfig.json'),
    files: names.map((name) => folder.path(name)),
    reader: new URL(`file://${folder.path('reader.ts')}`),
    ...(deadline === undefined ? {} : { deadline }),
  });

describe('loadModules', () => {
  it('resolves aliases, top-level await and packages that only guard', async () => {
    expect(await load(['fine.ts'])).toEqual({ ok: true, data: [[42]], failures: [] });
  });

  it('survives modules that throw, exit or connect, and names them', async () => {
    expect(await load(['throws.ts', 'exits.ts', 'connects.ts', 'fine.ts'])).toEqual({
      ok: true,
      data: [[42]],
      failures: [
        { file: folder.path('throws.ts'), because: 'it threw: no settings' },
        { file: folder.path('exits.ts'), because: 'it called process.exit(3)' },
        { file: folder.path('connects.ts'), because: 'it opened a network connection' },
      ],
    });
  });

  it('shows no database settings to the modules', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      DATABASE_URL: 'x',
      OTHER_URL: 'mysql://user:secret@host/name',
      PGHOST: 'h',
      PLAIN: 'kept',
    });
    try {
      // Undefined becomes null on its way between the processes.
      expect(await load(['environment.ts'])).toMatchObject({ data: [[[null, null, null, 'kept']]] });
    } finally {
      process.env = before;
    }
  });

  it('stops a module that never ends', async () => {
    expect(await load(['hangs.ts'], 1500)).toEqual({ ok: false, because: 'it did not finish within 1.5 s' });
  });

  it('loads the others when one ends or blocks the process', async () => {
    expect(await load(['dies.ts', 'hangs.ts', 'fine.ts'], 10_000)).toEqual({
      ok: true,
      data: [[42]],
      failures: [
        { file: folder.path('dies.ts'), because: 'it ended the process (SIGTERM)' },
        {
          file: folder.path('hangs.ts'),
          because: expect.stringMatching(/^it did not finish within/) as unknown,
        },
      ],
    });
  });

  it('says that a module ended the process', async () => {
    expect(await load(['dies.ts'])).toEqual({ ok: false, because: 'it ended the process (SIGTERM)' });
  });
});
