/**
 * The cases to their COMMIT, each run on a copy of its own: isolation levels are real there, deferred
 * constraints are checked when they are, and notifications leave.
 */
import { compareOutcomes } from '../compare-outcomes.js';
import type { Outcome } from '../outcome.js';
import type { ProofCase, RunDifference } from '../pair.js';
import type { Side } from '../run-side.js';
import { openOldNoise, type OldNoise } from './old-noise.js';
import type { ServerRequest, ServerResult } from './server-request.js';
import { callOn, stageCase, type ServerBench } from './staged-call.js';

const mostCases = 16;
const notificationsDiffer = 'the notifications differ';

interface Committed {
  readonly outcome: Outcome;
  readonly notifications: readonly string[];
}

export async function runCommitted(
  bench: ServerBench,
  { pair, channels }: ServerRequest,
  before: Side,
  after: Side,
): Promise<ServerResult> {
  const noise = openOldNoise();
  const notes: string[] = [];
  let runs = 0;
  for (const proofCase of pair.cases.slice(0, mostCases)) {
    const run = async (side: Side, name: string): Promise<Committed | null> => {
      bench.at(`${name} to COMMIT in case "${proofCase.name}"`);
      return committed(bench, side, proofCase, pair.setup ?? [], channels);
    };
    const first = await run(before, 'the old side');
    const candidate = await run(after, 'the new side');
    if (first === null || candidate === null) {
      notes.push(`the rows of case "${proofCase.name}" cannot be committed`);
      continue;
    }
    runs += 1;
    let found = differenceOf(first, candidate, noise);
    if (found === null) continue;
    const second = await run(before, 'the old side');
    if (second === null) continue;
    noise.learn(first.outcome, second.outcome);
    found = differenceOf(first, candidate, noise);
    if (found === null) continue;
    if (found.summary === notificationsDiffer && first.notifications.join() !== second.notifications.join()) {
      notes.push('the notifications vary by themselves');
      continue;
    }
    const difference = { case: proofCase.name, ...found, input: JSON.stringify(proofCase.args) };
    return { status: 'differs', runs, difference, notes, reason: null };
  }
  return { status: 'same', runs, difference: null, notes, reason: null };
}

async function committed(
  bench: ServerBench,
  side: Side,
  proofCase: ProofCase,
  setup: readonly string[],
  channels: readonly string[],
): Promise<Committed | null> {
  const copy = await stageCase(bench, proofCase, setup);
  if (copy === null) return null;
  try {
    for (const channel of channels) await copy.session.exec(`LISTEN ${channel}`);
    copy.link.takeNotifications();
    const seen = await callOn(bench, copy, side, proofCase);
    // Those of the session itself are sent before its next answer at the latest.
    await copy.link.query('SELECT 1');
    return {
      outcome: { ...seen, tables: await copy.session.rows() },
      notifications: copy.link.takeNotifications(),
    };
  } finally {
    await copy.drop();
  }
}

function differenceOf(
  before: Committed,
  after: Committed,
  noise: OldNoise,
): Omit<RunDifference, 'case' | 'input'> | null {
  const difference = compareOutcomes(before.outcome, after.outcome, noise.current());
  if (difference !== null) return difference;
  const [old, now] = [before.notifications.join('\n'), after.notifications.join('\n')];
  return old === now ? null : { summary: notificationsDiffer, before: old, after: now };
}
