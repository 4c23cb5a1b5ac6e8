/** A PgBouncer in transaction mode in front of a test server, where the program is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Gives the URL of the same database through the pooler, or null when PgBouncer is not installed. */
export async function startPgbouncer(url: string): Promise<{ url: string; stop(): Promise<void> } | null> {
  if (spawnSync('pgbouncer', ['--version']).error) return null;
  const target = new URL(url);
  const folder = mkdtempSync(join(tmpdir(), 'migrate-rpc-pool-'));
  const port = await freePort();
  const users = join(folder, 'users.txt');
  const file = join(folder, 'pgbouncer.ini');
  const name = target.pathname.slice(1);
  writeFileSync(users, `"${target.username}" "${decodeURIComponent(target.password)}"\n`);
  writeFileSync(
    file,
    [
      '[databases]',
      `${name} = host=${target.hostname} port=${target.port} dbname=${name}`,
      '[pgbouncer]',
      `listen_addr=127.0.0.1\nlisten_port=${port}\nunix_socket_dir=`,
      `auth_type=plain\nauth_file=${users}\npool_mode=transaction\ndefault_pool_size=2`,
    ].join('\n'),
  );
  const identity = process.getuid?.() === 0 ? nobody() : undefined;
  if (identity) for (const path of [folder, users, file]) chownSync(path, identity.uid, identity.gid);
  const script =
    'pgbouncer -q "$0/pgbouncer.ini" </dev/null & child=$!; cat >/dev/null; kill -INT $child; wait $child; rm -rf "$0"';
  const pooler = spawn('sh', ['-c', script, folder], { ...identity, stdio: ['pipe', 'ignore', 'ignore'] });
  await listening(port);
  const pooled = new URL(url);
  pooled.port = String(port);
  return {
    url: pooled.href,
    async stop() {
      const gone = new Promise((resolve) => pooler.once('exit', resolve));
      pooler.stdin.end();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function nobody(): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answered = await new Promise<boolean>((resolve) => {
      const probe = connect(port, '127.0.0.1', () => (probe.destroy(), resolve(true)));
      probe.once('error', () => resolve(false));
    });
    if (answered) return;
    await sleep(50);
  }
  throw new Error('PgBouncer did not start');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
