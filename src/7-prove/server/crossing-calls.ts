/**
 * Calls of the same side from eight connections at once: no new deadlock, and sums that the old side
 * conserves stay. What differs between two such runs of the old side is luck of timing and not compared.
 */
import { isDeepStrictEqual } from 'node:util';
import type { TableRows } from '../outcome.js';
import type { ProofCase } from '../pair.js';
import type { Side } from '../run-side.js';
import { print, type OutcomeDifference } from '../compare-outcomes.js';
import { serverNotRun, type ServerRequest, type ServerResult } from './server-request.js';
import { callWith, stageCase, type Seen, type ServerBench } from './staged-call.js';

const connections = 8;
const rounds = 3;
const mostCases = 4;

interface Crossing {
  readonly deadlocks: number;
  /** Sum of each number column, count of each table, by `table.column`. */
  readonly sums: ReadonlyMap<string, string>;
  /** How often each error came, by its text. */
  readonly errors: ReadonlyMap<string, number>;
}

export async function crossingCalls(
  bench: ServerBench,
  { pair }: ServerRequest,
  before: Side,
  after: Side,
): Promise<ServerResult> {
  const cases = pair.cases.filter(({ rows, seed }) => (rows?.length ?? 0) > 0 || seed.length > 0);
  const [base] = cases;
  if (base === undefined) return serverNotRun('no case with rows');
  const calls = cases.slice(0, mostCases);
  const run = (side: Side, name: string): Promise<Crossing | null> => {
    bench.at(`${name} from ${String(connections)} connections`);
    return cross(bench, side, base, calls, pair.setup ?? []);
  };
  const olds: Crossing[] = [];
  const again = async (): Promise<boolean> => {
    const old = await run(before, 'the old side');
    if (old !== null) olds.push(old);
    return old !== null;
  };
  if (!((await again()) && (await again()))) return serverNotRun('the rows cannot be committed');
  let candidate = await run(after, 'the new side');
  if (candidate !== null && firstDifference(olds, candidate) !== null) {
    // What is luck seldom comes out the same four times.
    await again();
    await again();
    if (candidate.deadlocks === 0) candidate = await run(after, 'the new side');
  }
  if (candidate === null) return serverNotRun('the rows cannot be committed');
  const input = calls.map(({ args }) => JSON.stringify(args)).join('\n');
  const found = firstDifference(olds, candidate);
  const difference = found === null ? null : { case: `${String(connections)} connections`, ...found, input };
  const varies = [...(olds[0]?.sums.keys() ?? [])].some((name) => steady(olds, name) === null);
  const notes = varies ? ['crossing calls: what the old side varies by itself is not compared'] : [];
  return { status: difference === null ? 'same' : 'differs', runs: 1, difference, notes, reason: null };
}

function firstDifference(olds: readonly Crossing[], candidate: Crossing): OutcomeDifference | null {
  const calm = olds.every(({ deadlocks }) => deadlocks === 0);
  if (candidate.deadlocks > 0 && calm) {
    const summary = 'new deadlocks (40P01), old does not';
    return { summary, before: '0 deadlocks', after: `${String(candidate.deadlocks)} deadlocks` };
  }
  const [first] = olds;
  if (first === undefined) return null;
  for (const name of first.sums.keys()) {
    const [old, now] = [steady(olds, name), candidate.sums.get(name) ?? '(none)'];
    if (old !== null && old !== now) {
      return { summary: `${name} differs after crossing calls`, before: old, after: now };
    }
  }
  const same = olds.every(({ errors }) => isDeepStrictEqual(errors, first.errors));
  return !same || isDeepStrictEqual(first.errors, candidate.errors)
    ? null
    : { summary: 'other errors in crossing calls', before: counts(first), after: counts(candidate) };
}

/** The sum that all runs of the old side agree on. */
function steady(olds: readonly Crossing[], name: string): string | null {
  const found = new Set(olds.map(({ sums }) => sums.get(name)));
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}

async function cross(
  bench: ServerBench,
  side: Side,
  base: ProofCase,
  calls: readonly ProofCase[],
  setup: readonly string[],
): Promise<Crossing | null> {
  const copy = await stageCase(bench, base, setup);
  if (copy === null) return null;
  try {
    const users = await Promise.all(
      Array.from({ length: connections }, async () => bench.runtime.connect(await copy.connect())),
    );
    const seen: Seen[] = [];
    await Promise.all(
      users.map(async (user, index) => {
        // Every second connection goes through the calls the other way round.
        const own = index % 2 === 0 ? calls : calls.toReversed();
        for (let round = 0; round < rounds; round += 1) {
          for (const proofCase of own) seen.push(await callWith(user, side, proofCase));
        }
      }),
    );
    const errors = new Map<string, number>();
    for (const { kind, shown } of seen) {
      if (kind === 'error') errors.set(print(shown), (errors.get(print(shown)) ?? 0) + 1);
    }
    const deadlocks = [...errors]
      .filter(([text]) => text.includes('40P01'))
      .reduce((sum, [, n]) => sum + n, 0);
    return { deadlocks, errors: new Map([...errors].sort()), sums: sumsOf(await copy.session.rows()) };
  } finally {
    await copy.drop();
  }
}

/** Exact, however many digits: whole numbers of the smallest decimal place. */
function sumsOf(tables: readonly TableRows[]): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const { name, columns, rows } of tables) {
    sums.set(`number of rows of ${name}`, String(rows.length));
    columns.forEach((column, position) => {
      const values = rows.flatMap((row) => row[position] ?? []);
      if (values.length > 0 && values.every((value) => /^-?\d+(\.\d+)?$/.test(value))) {
        sums.set(`sum of ${name}.${column}`, decimalSum(values));
      }
    });
  }
  return sums;
}

function decimalSum(values: readonly string[]): string {
  const places = Math.max(...values.map((value) => (value.split('.')[1] ?? '').length));
  const total = values.reduce((sum, value) => {
    const [whole = '', fraction = ''] = value.split('.');
    return sum + BigInt(`${whole}${fraction.padEnd(places, '0')}`);
  }, 0n);
  return places === 0 ? String(total) : `${String(total)}e-${String(places)}`;
}

function counts({ errors }: Crossing): string {
  return [...errors].map(([text, count]) => `${String(count)} × ${text}`).join('\n') || 'no error';
}
