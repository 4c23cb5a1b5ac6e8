/**
 * The thread of the proof: an embedded PostgreSQL made from the clone's dump, and the user's drizzle-orm
 * and driver on it. A query or a loop that does not end is ended by ending this thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type Extension } from '@electric-sql/pglite';
import { ignoreUnhandledRejections } from '../io/proof-process.js';
import { cloneSession, quoteLiteral } from './clone-session.js';
import { evaluateStatements, type BuiltStatement } from './evaluate-statements.js';
import type { Clone, Pair, ProofProject, RunResult } from './pair.js';
import { runPair, type Bench } from './run-pair.js';
import { transactionServer } from './transaction-server.js';
import { startUserRuntime } from './user-runtime.js';

export interface ProofWorkerData {
  readonly dump: Uint8Array;
  /** File URLs of PGlite's extensions by the name of their export. */
  readonly extensions: readonly { readonly name: string; readonly url: string }[];
  readonly searchPath: Clone['searchPath'] | null;
  readonly project: ProofProject;
}

export type ProofRequest =
  | { readonly kind: 'pair'; readonly pair: Pair }
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

async function startBench(data: ProofWorkerData, say: (answer: ProofAnswer) => void): Promise<Bench> {
  const extensions: Record<string, Extension> = {};
  for (const { name, url } of data.extensions) {
    const extension = ((await import(url)) as Record<string, Extension>)[name];
    if (extension) extensions[name] = extension;
  }
  const pglite = await PGlite.create({ loadDataDir: new Blob([new Uint8Array(data.dump)]), extensions });
  const session = cloneSession(pglite);
  const server = transactionServer(pglite);
  const runtime = await startUserRuntime(data.project, server);
  if (data.searchPath !== null && data.searchPath !== undefined) {
    await session.exec(`SELECT set_config('search_path', ${quoteLiteral(data.searchPath)}, false)`);
  }
  server.enter();
  return { session, server, runtime, at: (position) => say({ kind: 'at', position }) };
}

async function answer(bench: Bench, request: ProofRequest): Promise<ProofAnswer> {
  if (request.kind === 'pair') return { kind: 'result', result: await runPair(bench, request.pair) };
  return { kind: 'statements', statements: await evaluateStatements(bench.runtime, request) };
}
