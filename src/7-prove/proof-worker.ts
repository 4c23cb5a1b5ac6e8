/**
 * The thread of the proof: the clone (an embedded PostgreSQL made from a dump, or copies on a scratch
 * server), and the user's drizzle-orm and driver on it. A query or a loop that does not end is ended by
 * ending this thread, and with it the sessions on the scratch server.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ignoreUnhandledRejections } from '../io/proof-process.js';
import { startEmbeddedBench, type EmbeddedData } from './embedded-bench.js';
import { evaluateStatements, type BuiltStatement } from './evaluate-statements.js';
import type { Pair, ProofProject, RunResult, ScratchClone } from './pair.js';
import { runCandidates, runPair, type Bench } from './run-pair.js';
import { startScratchBench } from './scratch-bench.js';
import { runOnServer } from './server/run-on-server.js';
import type { ServerRequest, ServerResult } from './server/server-request.js';

export interface ProofWorkerData {
  readonly clone: EmbeddedData | ScratchClone;
  readonly project: ProofProject;
}

export type ProofRequest =
  | { readonly kind: 'pair'; readonly pair: Pair }
  /** Several new sides beside one old. */
  | { readonly kind: 'candidates'; readonly pair: Pair; readonly candidates: readonly string[] }
  | { readonly kind: 'server'; readonly request: ServerRequest }
  | {
      readonly kind: 'statements';
      readonly source: string;
      readonly filename: string;
      readonly args: unknown;
    };

export type ProofAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'at'; readonly position: string }
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'results'; readonly results: readonly RunResult[] }
  | { readonly kind: 'server'; readonly result: ServerResult }
  | { readonly kind: 'statements'; readonly statements: readonly BuiltStatement[] | string }
  /** The thread no longer works. */
  | { readonly kind: 'broken'; readonly message: string };

const port = parentPort;
if (port) {
  const say = (answer: ProofAnswer): void => port.postMessage(answer);
  const broken = (error: unknown): void =>
    say({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  try {
    const bench = await startBench(workerData as ProofWorkerData, say);
    port.on('message', (request: ProofRequest) => {
      answer(bench, request).then(say, broken);
    });
    ignoreUnhandledRejections();
    say({ kind: 'ready' });
  } catch (error) {
    broken(error);
  }
}

function startBench({ clone, project }: ProofWorkerData, say: (answer: ProofAnswer) => void): Promise<Bench> {
  const at = (position: string): void => say({ kind: 'at', position });
  return clone.kind === 'scratch'
    ? startScratchBench(clone, project, at)
    : startEmbeddedBench(clone, project, at);
}

async function answer(bench: Bench, request: ProofRequest): Promise<ProofAnswer> {
  if (request.kind === 'pair') return { kind: 'result', result: await runPair(bench, request.pair) };
  if (request.kind === 'candidates') {
    return { kind: 'results', results: await runCandidates(bench, request.pair, request.candidates) };
  }
  if (request.kind === 'server') {
    return { kind: 'server', result: await runOnServer(bench, request.request) };
  }
  return { kind: 'statements', statements: await evaluateStatements(bench.runtime, request) };
}
