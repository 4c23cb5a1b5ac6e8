/** One measured dry run. Arguments: what `--db` takes, `run` or `off` for the proofs; in the project's folder. */
import { buildReport } from '../../dist/9-report/build-report.js';
import { resolveSource } from '../../dist/io/resolve-source.js';
import { buildOptions, planRun, silentProgress } from '../../dist/index.js';

const [db, prove] = process.argv.slice(2);
const cwd = process.cwd();
const values = { db, paths: ['src'], dryRun: true, prove: prove === 'run' };
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
