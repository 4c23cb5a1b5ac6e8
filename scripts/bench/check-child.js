/** One measured check. Arguments: a folder for the cache, `first` to begin with an empty one, the project's folder. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkPaths } from '../../dist/guard/check-paths.js';
import { rules } from '../../dist/guard/rules.js';
import { openCheckCache } from '../../dist/io/check-cache.js';
import { listSourceFiles } from '../../dist/io/list-source-files.js';

const [cache, which, cwd] = process.argv.slice(2);
if (which === 'first') rmSync(cache, { recursive: true, force: true });
mkdirSync(join(cache, 'node_modules'), { recursive: true });
const started = performance.now();
const { files } = await listSourceFiles(['src'], cwd);
const { findings } = await checkPaths({
  files,
  cwd,
  rules: rules.map((rule) => ({ rule, severity: rule.severity })),
  changed: null,
  cache: openCheckCache(cache),
  code: 'bench',
  database: null,
});
const workSeconds = (performance.now() - started) / 1000;
process.stdout.write(JSON.stringify({ workSeconds, findings: findings.length }));
