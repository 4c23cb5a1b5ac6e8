/**
 * Plants faults in the program's own translations and counts those that the proof catches.
 * `--only part,of,ids` · `--shard 1/4` · `--seed 1,2` (a column for each) · `--budget 300,10` ·
 * `--inputs aimed|random|both` · `--keep file` (what was run before is not run again; `cat` joins the files of
 * shards) · `--survivors file` · `--trace` prints what gave each mutant away.
 */
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import type { Driver } from '../../src/1-read/user-project.js';
import { openProofSession, type ProofSession } from '../../src/7-prove/proof-session.js';
import { equivalentTo } from './equivalents.js';
import { openKept, type ProjectResult } from './kept.js';
import { plantFaults } from './plant-faults.js';
import { planPairs, ruleProject, setupOf, wholeProject, type Project } from './plan-pairs.js';
import { runMutants } from './run-mutants.js';
import {
  countOf,
  equivalentsOf,
  shareOf,
  survivorsOf,
  tableOf,
  type Judged,
  type RunMutant,
} from './tally.js';

const wanted = 0.95;
const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    shard: { type: 'string', default: '1/1' },
    seed: { type: 'string', default: '1' },
    budget: { type: 'string', default: '300,10' },
    inputs: { type: 'string', default: 'both' },
    keep: { type: 'string' },
    survivors: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

const [shard = 1, shards = 1] = values.shard.split('/').map(Number);
const [cases = 300, seconds = 10] = values.budget.split(',').map(Number);
const seeds = values.seed.split(',').map(Number);
const aimed = values.inputs === 'random' ? [] : seeds.map((seed) => `seed ${String(seed)}`);
const columns = values.inputs === 'aimed' ? aimed : [...aimed, 'random'];
const [first = 'random'] = columns;
const projects = allProjects().filter((_, index) => index % shards === shard - 1);
const kept = openKept(values.keep);
const clone = await emptyClone();
const sessions = new Map<Driver, ProofSession>();
try {
  for (const [index, project] of projects.entries()) {
    const { columns: known } = kept.of(project.id);
    const missing = columns.filter((inputs) => !known.includes(inputs));
    if (missing.length > 0) kept.keep(await judge(project, missing));
    const { caught, planted } = countOf(allJudged(), first);
    process.stderr.write(
      `${String(index + 1)} of ${String(projects.length)} ${project.id}: ${String(caught)} of ${String(planted)}\n`,
    );
  }
} finally {
  for (const session of sessions.values()) await session.close();
}
const all = allJudged();
process.stdout.write(report());
if (values.survivors !== undefined) writeFileSync(values.survivors, survivorsOf(all, first));
process.exitCode = columns
  .filter((inputs) => inputs === first || inputs !== 'random')
  .map((inputs) => countOf(all, inputs))
  .every(({ caught, planted }) => planted > 0 && caught >= planted * wanted)
  ? 0
  : 1;

async function judge(project: Project, columns: readonly string[]): Promise<ProjectResult> {
  const judged: RunMutant[] = [];
  const skipped: [string, string][] = [];
  const options = { seeds, budget: { cases, seconds } };
  const pairs = await planPairs(project, options).catch((error: unknown) => String(error));
  if (typeof pairs === 'string')
    return { project: project.id, columns, judged, skipped: [[project.id, pairs]] };
  for (const { id, of, several, driver } of pairs) {
    const setup = setupOf(project);
    for (const inputs of columns) {
      const pair = of(inputs);
      // A routine that gives one row at most has no rows to lose.
      const mutants = plantFaults(pair.after).filter(
        ({ operator }) => operator !== 'row for rows' || several,
      );
      const found = await runMutants(sessionOf(driver), { ...pair, setup }, mutants);
      if (typeof found === 'string') {
        skipped.push([`${id} (${inputs})`, found]);
        process.stderr.write(`not run: ${id} (${inputs}): ${found}\n`);
        continue;
      }
      for (const { mutant, caught, complete } of found) {
        const { operator, was, is, text, statement } = mutant;
        const survivor = caught === null ? { survivor: { text, statement, complete } } : {};
        const one = { id, inputs, operator, was, is, caught, ...survivor };
        judged.push(one);
        if (values.trace || (inputs === first && caught === null && equivalentOf(one) === null))
          process.stderr.write(`${id} (${inputs}): ${operator}: ${was} -> ${is} | ${caught ?? 'SURVIVED'}\n`);
      }
    }
  }
  return { project: project.id, columns, judged, skipped };
}

/** One for each driver that pairs are written for. */
function sessionOf(driver: Driver): ProofSession {
  const open =
    sessions.get(driver) ?? openProofSession(clone, { packageFile: join(root, 'package.json'), driver });
  sessions.set(driver, open);
  return open;
}

/** Which survivors are equivalent is asked anew, so that the rules of those may change after a run. */
function allJudged(): readonly Judged[] {
  return projects.flatMap(({ id }) =>
    kept.of(id).judged.map((one) => ({ ...one, equivalent: equivalentOf(one) })),
  );
}

function equivalentOf({ id, survivor, ...mutant }: RunMutant): string | null {
  return survivor === undefined ? null : equivalentTo(id, { ...mutant, ...survivor }, survivor.complete);
}

/** In an order that has nothing to do with their names, so that shards and runs cut short are samples of all rules. */
function allProjects(): readonly Project[] {
  const rules = join(root, 'fixtures', 'rules');
  const found = folders(rules)
    .filter((rule) => !rule.startsWith('_'))
    .flatMap((rule) => folders(join(rules, rule)).map((name) => `${rule}/${name}`))
    .map((id) => ruleProject(id, join(rules, id)));
  const whole = folders(join(root, 'fixtures', 'projects')).map((id) =>
    wholeProject(id, join(root, 'fixtures', 'projects', id)),
  );
  const parts = values.only.split(',');
  return [...found, ...whole]
    .filter(({ id }) => parts.some((part) => id.includes(part)))
    .map((project) => ({ project, digest: createHash('sha1').update(project.id).digest('hex') }))
    .sort((one, other) => (one.digest < other.digest ? -1 : 1))
    .map(({ project }) => project);
}

function folders(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

async function emptyClone(): Promise<{ readonly dump: Uint8Array; readonly extensions: readonly string[] }> {
  const pglite = await PGlite.create();
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return { dump: new Uint8Array(await dump.arrayBuffer()), extensions: [] };
}

function report(): string {
  const count = countOf(all, first);
  const equivalent = all.filter((one) => one.inputs === first && one.equivalent !== null).length;
  const skipped = projects.flatMap(({ id }) => kept.of(id).skipped);
  return [
    tableOf(all, columns),
    ...skipped.map(([id, why]) => `not run: ${id}: ${why}\n`),
    `survivors:\n${survivorsOf(all, first)}`,
    `equivalent: ${String(equivalent)} of ${String(count.planted + equivalent)}\n${equivalentsOf(all, first)}`,
    `mutants caught: ${String(count.caught)} of ${String(count.planted)} (${shareOf(count)} %)\n`,
  ].join('\n');
}
