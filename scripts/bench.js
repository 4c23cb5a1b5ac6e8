/**
 * Times the search and the whole dry run on a large made-up tree, beside jscodeshift finding the same calls.
 * Prints a table, and what falls short of what is wanted. Exits with 1 when the searches differ, when `find`
 * is less than 20 times faster, or when it takes more than 400 MB.
 * The aim for `check` after the first run is three seconds.
 * `--runs 3` measures each job three times instead of five.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareFound } from './bench/compare-found.js';
import { makeTree } from './bench/make-tree.js';
import { measure, medians } from './bench/measure.js';
import { missedAims, missedLimits, renderTable, translatorLine } from './bench/render-table.js';
import { writeTree } from './bench/write-tree.js';
import { ensureBuild } from './ensure-build.js';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);
const here = join(import.meta.dirname, 'bench');
const bin = join(import.meta.dirname, '..', 'node_modules', 'jscodeshift', 'bin', 'jscodeshift.js');
const size = { seed: 20250301, files: 2000, lines: 300_000, calls: 40 };

await ensureBuild();
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'bench-')));
try {
  process.exitCode = await bench(join(temporary, 'tree'), join(temporary, 'names.json'));
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

async function bench(tree, namesFile) {
  const made = makeTree(size);
  mkdirSync(tree);
  writeTree(tree, made);
  await measure([join(here, 'names-child.js'), join(tree, 'sql'), namesFile], tree);
  const names = JSON.parse(readFileSync(namesFile, 'utf8')).routines;
  const server = fork(join(here, 'database-child.js'), [join(tree, 'sql')]);
  const [{ port }] = await once(server, 'message');
  const url = `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
  const jobs = {
    find: { name: '`find`', run: () => child('find-child.js', [namesFile, tree], tree) },
    jscodeshift: { name: 'jscodeshift', run: () => jscodeshift(tree, names) },
    dryRun: {
      name: 'dry run, no proofs, database elsewhere',
      run: () => child('plan-child.js', [url, 'off'], tree),
    },
    proofs: {
      name: 'dry run with proofs, embedded servers within',
      run: () => prove(tree, 'first'),
    },
    proofsAgain: { name: 'the same again, with kept verdicts', run: () => prove(tree, 'again') },
    checkFirst: { name: '`check`, first run', run: () => check(tree, 'first') },
    checkAgain: { name: '`check`, again', run: () => check(tree, 'again') },
  };
  const measured = new Map(Object.keys(jobs).map((key) => [key, []]));
  for (let round = 1; round <= runs; round += 1) {
    // In turn, so that whatever else the machine does falls on all of them.
    for (const [key, job] of Object.entries(jobs)) {
      process.stderr.write(`run ${round} of ${runs}: ${job.name}\n`);
      measured.get(key).push(await job.run());
    }
  }
  server.disconnect();
  const translator = await translation();

  const rows = Object.fromEntries(
    Object.entries(jobs).map(([key, { name }]) => [
      key,
      { name, files: made.texts.size, ...medians(measured.get(key)) },
    ]),
  );
  const expected = made.sites.map(
    ({ path, line, column, routine }) => `src/${path}:${line}:${column} ${routine}`,
  );
  const problems = [
    ...compareFound(expected, {
      find: measured.get('find')[0].found,
      jscodeshift: measured.get('jscodeshift')[0].found,
    }),
    ...missedLimits(rows),
  ];
  const [{ calls, rewritable }] = measured.get('dryRun');
  if (calls !== expected.length) problems.push(`the dry run sees ${calls} calls of ${expected.length}`);
  process.stdout.write(
    [
      `${made.texts.size} files, ${made.lines.toLocaleString('en-US')} lines, ${expected.length} calls; Node ${process.versions.node}, ${availableParallelism()} CPUs; median of ${runs}.`,
      `jscodeshift with ${Math.max(availableParallelism() - 1, 1)} worker(s), its own choice. ${rewritable} of ${calls} calls can be rewritten.`,
      '',
      renderTable(Object.values(rows), rows.find),
      '',
      translatorLine(translator),
      '',
      ...(problems.length === 0 ? ['Both searches found the same calls.'] : problems),
      ...missedAims({ ...rows, translator }),
      '',
    ].join('\n'),
  );
  return problems.length === 0 ? 0 : 1;
}

async function child(name, args, cwd) {
  const { stdout, ...resources } = await measure([join(here, name), ...args], cwd);
  return { ...resources, ...JSON.parse(stdout) };
}

/** 10,000 functions after one parse, those of the example project again and again. */
async function translation() {
  const sql = join(here, '..', '..', 'fixtures', 'projects', 'collections', 'sql');
  process.stderr.write('the translator alone\n');
  const { stdout } = await measure(['--expose-gc', join(here, 'translate-child.js'), sql, '10000'], here);
  return JSON.parse(stdout);
}

function prove(tree, which) {
  return child('plan-child.js', ['sql', which, join(tree, '..', 'verdicts')], tree);
}

function check(tree, which) {
  return child('check-child.js', [join(tree, '..', 'cache'), which, tree], tree);
}

/** As it is meant to be run: one command over the folder, with as many workers as it chooses. */
async function jscodeshift(tree, names) {
  const transform = join(here, 'find-by-jscodeshift.cjs');
  const args = [bin, '-t', transform, '--dry', '--extensions=ts,tsx', `--names=${names.join(',')}`, 'src'];
  const { stdout, ...resources } = await measure(args, tree);
  const failed = Number(/(\d+) errors/.exec(stdout)?.[1]);
  if (failed !== 0) throw new Error(`jscodeshift failed on ${failed} files:\n${stdout.slice(0, 2000)}`);
  const workSeconds = Number(/Time elapsed: ([\d.]+)/.exec(stdout)?.[1]);
  const found = [...stdout.matchAll(/^ REP (\S+) (\S+) (\S+)$/gm)].map(
    ([, path, place, routine]) => `${path}:${place} ${routine}`,
  );
  return { ...resources, workSeconds, found };
}
