/**
 * One measured dry run in the project's folder. Arguments: what `--db` takes; for the proofs `off`, `first` or
 * `again`; the folder in which verdicts are kept, which `first` empties.
 */
import { rmSync } from 'node:fs';
import { buildReport } from '../../dist/9-report/build-report.js';
import { resolveSource } from '../../dist/io/resolve-source.js';
import { buildOptions, planRun, silentProgress } from '../../dist/index.js';

const [db, prove, kept] = process.argv.slice(2);
if (prove === 'first') rmSync(kept, { recursive: true, force: true });
if (prove !== 'off') process.env.XDG_CACHE_HOME = kept;
const cwd = process.cwd();
const values = { db, paths: ['src'], dryRun: true, prove: prove !== 'off' };
const options = buildOptions([{ label: (key) => key, values }], {
  cwd,
  interactive: false,
  source: (name) => resolveSource(name, {}, cwd),
});
const started = performance.now();
const plan = await planRun(options, { progress: silentProgress });
const workSeconds = (performance.now() - started) / 1000;
const { summary } = buildReport(plan.report);
process.stdout.write(
  JSON.stringify({ workSeconds, calls: summary.call_sites, rewritable: summary.rewritable }),
);
