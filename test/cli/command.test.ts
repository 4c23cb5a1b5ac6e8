/** The compiled command, as a shell sees it: exit codes, streams and signals. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-cli-'));
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'schema.sql'), 'CREATE TABLE t (id integer PRIMARY KEY);');
  // Compiles once, before anything is timed or signalled.
  await runCommand(['--version'], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the user must change', () => {
  const refusals: readonly [argv: readonly string[], said: string][] = [
    [[], 'paths: name at least one file or folder to look at'],
    [['--yes', 'src'], 'No database is named'],
    [['--db', 'schema.sql', 'src'], 'There is no terminal to review the changes in'],
    [['--db', 'nowhere', '--yes', 'src'], 'There is no file or folder nowhere'],
    [
      ['--db', 'schema.sql', '--yes', '--scratch', 'x', 'src'],
      '--scratch: must be a PostgreSQL URL, or env:NAME of a variable that holds one',
    ],
    [
      ['--db', 'schema.sql', '--yes', '--report', 'a.html', 'src'],
      '--report a.html: reports as .html are not built yet',
    ],
    [['--db', 'schema.sql', '--yes', '--report', 'no/a.json', 'src'], 'cannot be written'],
    [['surge', '--db', 'x'], 'The command surge is not built yet'],
    [['health'], 'The command health is not built yet'],
    [['apply', 'plan.json'], 'The command apply is not built yet'],
    [['--colour'], "unknown option '--colour'"],
  ];
  it.each(refusals)('%j leaves with 2', async (argv, said) => {
    const run = await runCommand(argv, { cwd: folder });
    expect(run.stderr).toContain(said);
    expect(run.code).toBe(2);
    // Nothing is drawn: at most the line that names the database.
    expect(run.stdout.split('\n').length).toBeLessThanOrEqual(2);
  });

  it('tells all problems of the configuration together', async () => {
    const cwd = await mkdtemp(join(folder, 'configured-'));
    await writeFile(
      join(cwd, 'migrate-rpc.config.ts'),
      `export default { placement: 'x', context: 3, paths: ['.'] };\n`,
    );
    const { code, stderr } = await runCommand(['--yes'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('placement in migrate-rpc.config.ts: must be auto, inline or module');
    expect(stderr).toContain(
      'context in migrate-rpc.config.ts: must be an object: { "auth.uid()": "session.userId" }',
    );
  });
});

describe('help and version', () => {
  it.each([['--help'], ['--version']])('%s leaves with 0 and says it on stdout', async (flag) => {
    const { code, stdout, stderr } = await runCommand([flag], { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
  });
});

describe('signals', () => {
  let silent: Server;
  const connected: (() => void)[] = [];
  beforeAll(async () => {
    // It takes a connection and never answers, so that the command waits.
    silent = createServer(() => connected.splice(0).forEach((tell) => tell()));
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => void silent.close());

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s leaves with %i and says that nothing was written', async (signal, code) => {
    const { port } = silent.address() as AddressInfo;
    const cli = join(import.meta.dirname, '..', '..', 'bin', 'migrate-rpc.js');
    const argv = [cli, '--db', `postgres://u:secret@127.0.0.1:${port}/d`, '--dry-run', 'src'];
    const waiting = new Promise<void>((tell) => connected.push(tell));
    const child = spawn(process.execPath, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const left = new Promise<number | null>((done) => child.on('close', done));
    await waiting;
    child.kill(signal);
    expect(await left).toBe(code);
    expect(stderr).toContain('Interrupted; nothing was written.');
  });
});
