/** Answers what only a real server can: see ServerRequest. */
import { loadSide, type Bench } from '../run-side.js';
import { crossingCalls } from './crossing-calls.js';
import { measureLatency } from './measure-latency.js';
import { runCommitted } from './run-committed.js';
import { runRaces } from './run-races.js';
import { serverNotRun, type ServerRequest, type ServerResult } from './server-request.js';

const works = {
  committed: runCommitted,
  races: runRaces,
  crossing: crossingCalls,
  latency: measureLatency,
} as const;

export async function runOnServer(bench: Bench, request: ServerRequest): Promise<ServerResult> {
  const { real, runtime, at } = bench;
  if (real === undefined) return serverNotRun('there is no scratch server');
  const { pair } = request;
  const before = await loadSide(bench, pair.before, pair.filename);
  if (typeof before === 'string') return serverNotRun(`the old side does not load: ${before}`);
  const after = await loadSide(bench, pair.after, pair.filename);
  if (typeof after === 'string') return serverNotRun(`the new side does not load: ${after}`);
  return works[request.what]({ real, runtime, at }, request, before, after);
}
