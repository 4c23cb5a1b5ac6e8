/**
 * Plants faults in the program's own translations and counts those that the proof catches.
 * `--only part,of,ids` · `--shard 1/4` · `--seed 7` · `--budget 300,3` · `--inputs aimed|random|both` · `--survivors file` ·
 * `--trace` prints what gave each mutant away.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { openProofSession } from '../../src/7-prove/proof-session.js';
import { equivalentTo } from './equivalents.js';
import { plantFaults } from './plant-faults.js';
import { planPairs, ruleProject, wholeProject, type Project } from './plan-pairs.js';
import { runMutants } from './run-mutants.js';
import { openTally, type Tally } from './tally.js';

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    shard: { type: 'string', default: '1/1' },
    seed: { type: 'string', default: '1' },
    budget: { type: 'string', default: '300,3' },
    inputs: { type: 'string', default: 'both' },
    survivors: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

const [shard = 1, shards = 1] = values.shard.split('/').map(Number);
const [cases = 300, seconds = 3] = values.budget.split(',').map(Number);
const proof = { seed: Number(values.seed), budget: { cases, seconds } };
const tallies = { aimed: openTally(), random: openTally() };
const projects = allProjects().filter((_, index) => index % shards === shard - 1);
const session = openProofSession(await emptyClone(), {
  packageFile: join(root, 'package.json'),
  driver: 'node-postgres',
});
try {
  for (const [index, project] of projects.entries()) {
    await judge(project);
    const { caught, planted } = tallies.aimed.sum();
    process.stderr.write(`${index + 1} of ${projects.length} ${project.id}: ${caught} of ${planted}\n`);
  }
} finally {
  await session.close();
}
process.stdout.write(report());
if (values.survivors !== undefined) writeFileSync(values.survivors, tallies.aimed.survivors());
const { caught, planted } = tallies.aimed.sum();
process.exitCode = caught >= planted * 0.95 && planted > 0 ? 0 : 1;

async function judge(project: Project): Promise<void> {
  const pairs = await planPairs(project, proof).catch((error: unknown) => String(error));
  if (typeof pairs === 'string') return tallies.aimed.skip(project.id, pairs);
  for (const { id, aimed, random, several } of pairs) {
    const setup = project.sql.map((path) => readFileSync(path, 'utf8'));
    // A routine that gives one row at most has no rows to lose.
    const mutants = plantFaults(aimed.after).filter(({ operator }) => operator !== 'row for rows' || several);
    for (const [tally, pair] of chosen(aimed, random)) {
      const judged = await runMutants(session, { ...pair, setup }, mutants);
      if (typeof judged === 'string') {
        tally.skip(id, judged);
        process.stderr.write(`not run: ${id}: ${judged}\n`);
      } else
        judged.forEach((one) =>
          tally.add(id, one, one.caught === null ? equivalentTo(id, one.mutant) : null),
        );
      if (values.trace && typeof judged !== 'string') {
        for (const { mutant, caught } of judged)
          console.error(`${mutant.operator}: ${mutant.is} | ${caught ?? 'SURVIVED'}`);
      }
    }
  }
}

function chosen<P>(aimed: P, random: P): readonly (readonly [Tally, P])[] {
  const both: readonly (readonly [Tally, P])[] = [
    [tallies.aimed, aimed],
    [tallies.random, random],
  ];
  if (values.inputs === 'both') return both;
  return both.slice(values.inputs === 'random' ? 1 : 0, values.inputs === 'random' ? 2 : 1);
}

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
  return [...found, ...whole].filter(({ id }) => parts.some((part) => id.includes(part)));
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
  const { aimed, random } = tallies;
  const { caught, planted } = aimed.sum();
  const baseline = values.inputs === 'both' ? random : null;
  const skipped = aimed.skipped().map(([id, why]) => `not run: ${id}: ${why}\n`);
  const percent = planted === 0 ? 0 : Math.floor((1000 * caught) / planted) / 10;
  return [
    aimed.table(baseline),
    ...skipped,
    aimed.survivors(),
    `equivalent: ${String(aimed.equivalents())} of ${String(planted + aimed.equivalents())}\n`,
    `mutants caught: ${String(caught)} of ${String(planted)} (${String(percent)} %)\n`,
  ].join('\n');
}
