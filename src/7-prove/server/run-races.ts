/**
 * Races with a second session: it changes rows that the body may read and keeps its transaction open; the
 * call starts; whether it waits is read from the server; then the other session ends. Old and new have to
 * wait alike, hold the same rows meanwhile, and leave the same behind. Nothing depends on luck of timing.
 */
import type { ProofCase, RunDifference } from '../pair.js';
import type { Side } from '../run-side.js';
import { compareRaces, type RaceOutcome } from './compare-races.js';
import { openOldNoise } from './old-noise.js';
import { raceChanges, type RaceChange } from './race-changes.js';
import { runRace, type RaceEnd } from './run-race.js';
import { serverNotRun, type ServerRequest, type ServerResult } from './server-request.js';
import { stageCase, type ServerBench } from './staged-call.js';

/** Cases that are tried for how they wait, and those of them that are raced in full. */
const mostProbes = 6;
const mostCases = 2;

interface Scenario {
  readonly proofCase: ProofCase;
  readonly change: RaceChange;
  readonly end: RaceEnd;
}

interface Compared {
  /** The old side waited. */
  readonly waited: boolean;
  readonly difference: RunDifference | null;
}

const nothing: Compared = { waited: false, difference: null };

export async function runRaces(
  bench: ServerBench,
  { pair, tables }: ServerRequest,
  before: Side,
  after: Side,
): Promise<ServerResult> {
  const noise = openOldNoise();
  let runs = 0;

  async function compare({ proofCase, change, end }: Scenario): Promise<Compared> {
    const run = (side: Side, name: string): Promise<RaceOutcome | null> => {
      bench.at(`${name} while ${change.label} (case "${proofCase.name}")`);
      return runRace(bench, side, { proofCase, change, end, tables, setup: pair.setup ?? [] });
    };
    const first = await run(before, 'the old side');
    if (first === null) return nothing;
    const candidate = await run(after, 'the new side');
    if (candidate === null) return nothing;
    runs += 1;
    const same: Compared = { waited: first.waited, difference: null };
    if (compareRaces(first, candidate, noise.current()) === null) return same;
    const second = await run(before, 'the old side');
    if (second === null) return nothing;
    if (first.outcome !== null && second.outcome !== null) noise.learn(first.outcome, second.outcome);
    const between = compareRaces(first, candidate, noise.current());
    if (between === null || compareRaces(first, second, noise.current()) !== null) return same;
    const ending = end === 'COMMIT' ? 'and committed' : 'and rolled back';
    const difference = {
      case: `${proofCase.name}; another session: ${change.label}, ${ending}`,
      ...between,
      input: [JSON.stringify(proofCase.args), ...change.statements].join('\n'),
    };
    return { waited: first.waited, difference };
  }

  const probed = await probe(bench, pair.cases, { tables, setup: pair.setup ?? [], side: before });
  if (probed.cases.length === 0) return serverNotRun('no case with rows');
  for (const proofCase of probed.cases) {
    for (const { name } of tables) {
      const held = await compare({ proofCase, change: holdAll(name), end: 'ROLLBACK' });
      if (held.difference !== null) return found(held.difference, runs);
      // A call that waits for none of the rows ends before the other session does: its end changes nothing.
      if (!held.waited) continue;
      for (const scenario of scenariosOf(proofCase, name, probed.changes)) {
        const { difference } = await compare(scenario);
        if (difference !== null) return found(difference, runs);
      }
    }
  }
  if (runs === 0) return serverNotRun('no row could be changed');
  return { status: 'same', runs, difference: null, notes: [], reason: null };
}

function found(difference: RunDifference, runs: number): ServerResult {
  return { status: 'differs', runs, difference, notes: [], reason: null };
}

/** Each change to its COMMIT, the first of them to its ROLLBACK too, then each row alone held without a change. */
function scenariosOf(
  proofCase: ProofCase,
  table: string,
  changes: readonly RaceChange[],
): readonly Scenario[] {
  const own = changes.filter((change) => change.table === table);
  return [
    ...own.map((change): Scenario => ({ proofCase, change, end: 'COMMIT' })),
    ...own.slice(0, 1).map((change): Scenario => ({ proofCase, change, end: 'ROLLBACK' })),
    ...[0, 1, 2].map((row): Scenario => ({ proofCase, change: holdRow(table, row), end: 'ROLLBACK' })),
  ];
}

function holdAll(table: string): RaceChange {
  return { table, label: `rows of ${table} held`, statements: [`SELECT 1 FROM ${table} FOR UPDATE`] };
}

/** In the order of the text of the rows, which every copy shares. */
function holdRow(table: string, row: number): RaceChange {
  const pick = `SELECT t.ctid FROM ${table} AS t ORDER BY t.ctid LIMIT 1 OFFSET ${String(row)}`;
  return {
    table,
    label: `row ${String(row + 1)} of ${table} held`,
    statements: [`SELECT 1 FROM ${table} AS t WHERE t.ctid = (${pick}) FOR UPDATE`],
  };
}

/** The cases that wait in different ways when every row of every table is held, at least the first with rows. */
async function probe(
  bench: ServerBench,
  cases: readonly ProofCase[],
  {
    tables,
    setup,
    side,
  }: { readonly tables: ServerRequest['tables']; readonly setup: readonly string[]; readonly side: Side },
): Promise<{ readonly cases: readonly ProofCase[]; readonly changes: readonly RaceChange[] }> {
  const withRows = cases.filter(({ rows, seed }) => (rows?.length ?? 0) > 0 || seed.length > 0);
  const [first] = withRows;
  const staged = first === undefined ? null : await stageCase(bench, first, setup);
  if (staged === null) return { cases: [], changes: [] };
  const changes = await raceChanges(staged, tables);
  await staged.drop();
  const statements = tables.map(({ name }) => `SELECT 1 FROM ${name} FOR UPDATE`);
  const change: RaceChange = { table: '', label: 'all rows held', statements };
  const byBehaviour = new Map<string, ProofCase>();
  for (const proofCase of withRows.slice(0, mostProbes)) {
    bench.at(`the old side while all rows are held (case "${proofCase.name}")`);
    const outcome = await runRace(bench, side, { proofCase, change, end: 'ROLLBACK', tables, setup });
    if (outcome === null) continue;
    const key = JSON.stringify([outcome.waited, outcome.held, outcome.outcome?.kind]);
    if (!byBehaviour.has(key)) byBehaviour.set(key, proofCase);
    if (byBehaviour.size === mostCases) break;
  }
  return { cases: [...byBehaviour.values()], changes };
}
