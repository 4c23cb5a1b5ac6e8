/** How long one call takes, on the server itself and with a network of one millisecond before it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendLink, Traffic } from '../../io/backend-link.js';
import type { ProofCase } from '../pair.js';
import type { Side } from '../run-side.js';
import type { ProtocolServer } from '../transaction-server.js';
import { serverNotRun, type BeforeAfter, type ServerRequest, type ServerResult } from './server-request.js';
import { callWith, stageCase, type ServerBench } from './staged-call.js';

/** An odd number, for the median. */
const repetitions = 15;

interface Timed {
  readonly milliseconds: number;
  readonly traffic: Traffic;
}

/** Of the first case, each call on the rows that the call before it has left. */
export async function measureLatency(
  bench: ServerBench,
  { pair }: ServerRequest,
  before: Side,
  after: Side,
): Promise<ServerResult> {
  const [proofCase] = pair.cases;
  if (proofCase === undefined) return serverNotRun('no cases');
  const measure = async (
    delay: number,
  ): Promise<{ readonly before: Timed; readonly after: Timed } | null> => {
    const old = await timed(bench, before, proofCase, delay, pair.setup ?? []);
    const now = await timed(bench, after, proofCase, delay, pair.setup ?? []);
    return old === null || now === null ? null : { before: old, after: now };
  };
  const near = await measure(0);
  const far = await measure(1);
  if (near === null || far === null) return serverNotRun('the rows cannot be committed');
  const both = (pick: (one: Timed) => number, of = near): BeforeAfter => ({
    before: pick(of.before),
    after: pick(of.after),
  });
  return {
    status: 'same',
    runs: repetitions,
    difference: null,
    notes: [],
    reason: null,
    latency: {
      statements: both(({ traffic }) => traffic.statements),
      roundTrips: both(({ traffic }) => traffic.roundTrips),
      near: both(({ milliseconds }) => milliseconds),
      far: both(({ milliseconds }) => milliseconds, far),
    },
  };
}

async function timed(
  bench: ServerBench,
  side: Side,
  proofCase: ProofCase,
  delay: number,
  setup: readonly string[],
): Promise<Timed | null> {
  const copy = await stageCase(bench, proofCase, setup);
  if (copy === null) return null;
  try {
    const link = await copy.connect();
    const user = await bench.runtime.connect(delayed(link, delay));
    await callWith(user, side, proofCase);
    const times: number[] = [];
    let traffic: Traffic = { statements: 0, roundTrips: 0 };
    for (let count = 0; count < repetitions; count += 1) {
      link.takeTraffic();
      const start = performance.now();
      await callWith({ ...user, drain: () => Promise.resolve() }, side, proofCase);
      times.push(performance.now() - start);
      traffic = link.takeTraffic();
    }
    return { milliseconds: times.sort((a, b) => a - b)[(repetitions - 1) / 2] ?? 0, traffic };
  } finally {
    await copy.drop();
  }
}

/** Each message to the server travels for so long. */
function delayed(link: BackendLink, milliseconds: number): ProtocolServer {
  if (milliseconds === 0) return link;
  return {
    async execProtocolRawStream(chunk, options) {
      await sleep(milliseconds);
      await link.execProtocolRawStream(chunk, options);
    },
  };
}
