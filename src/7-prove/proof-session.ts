/**
 * A proof thread that is remade when it hangs or breaks. Requests are answered one after the other;
 * one that exceeds its deadline costs the thread, not the session.
 */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { pgliteExtension } from '../io/pglite-extensions.js';
import { harmlessEnvironment } from '../io/proof-process.js';
import { startWorker } from '../io/start-worker.js';
import type { Clone, ProofProject } from './pair.js';
import type { ProofAnswer, ProofRequest, ProofWorkerData } from './proof-worker.js';

export interface ProofSession {
  /** Starts the thread ahead of the first request and does not wait for it. */
  start(): void;
  /**
   * The answer, or why there is none (time limit, out of memory). Never rejects. The deadline is that of each
   * run of a side.
   */
  ask(request: ProofRequest, deadlineMs: number): Promise<ProofAnswer | NoAnswer>;
  close(): Promise<void>;
}

export interface NoAnswer {
  readonly kind: 'none';
  /** `time limit: the old side in case "one hit"`. */
  readonly reason: string;
}

/** Milliseconds that the embedded server and the user's modules may take to load. */
const startDeadlineMs = 60_000;

/** A side that fills this ends its thread; without a limit it would end the process. */
const heapMegabytes = 2048;

/**
 * Starts no thread before `start` or the first request. `onEnd` comes after a thread has ended, for what it
 * has left elsewhere.
 */
export function openProofSession(
  clone: Clone,
  project: ProofProject,
  onEnd: () => Promise<void> = () => Promise.resolve(),
): ProofSession {
  let worker: Worker | null = null;
  let starting: Promise<Worker | NoAnswer> | null = null;

  async function ended(): Promise<void> {
    const old = worker;
    worker = null;
    starting = null;
    if (old === null) return;
    await old.terminate();
    await onEnd();
  }

  const started = (): Promise<Worker | NoAnswer> => (starting ??= startFresh());

  async function startFresh(): Promise<Worker | NoAnswer> {
    const fresh = startWorker(new URL('./proof-worker.js', import.meta.url), {
      workerData: workerDataOf(clone, project),
      env: harmlessEnvironment(),
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
      stdout: true,
      stderr: true,
    });
    fresh.stdout.resume();
    fresh.stderr.resume();
    worker = fresh;
    const answer = await nextAnswer(fresh, startDeadlineMs);
    if (answer.kind === 'ready') return fresh;
    await ended();
    return {
      kind: 'none',
      reason: answer.kind === 'none' ? answer.reason : `the clone does not start: ${messageOf(answer)}`,
    };
  }

  return {
    start() {
      void started();
    },
    async ask(request, deadlineMs) {
      const thread = await started();
      if ('kind' in thread) return thread;
      thread.postMessage(request);
      const answer = await nextAnswer(thread, deadlineMs);
      if (answer.kind !== 'none' && answer.kind !== 'broken') return answer;
      await ended();
      return answer.kind === 'none' ? answer : { kind: 'none', reason: answer.message };
    },
    close: ended,
  };
}

function nextAnswer(worker: Worker, deadlineMs: number): Promise<ProofAnswer | NoAnswer> {
  let position = 'the start';
  const abort = new AbortController();
  const { signal } = abort;
  return new Promise((resolve) => {
    const finish = (answer: ProofAnswer | NoAnswer): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      abort.abort();
      resolve(answer);
    };
    const stopped = (why: string): void => finish({ kind: 'none', reason: `${why} (${position})` });
    // Where this thread was busy beyond the deadline, an answer that waits is taken first.
    const timer = setTimeout(() => setImmediate(stopped, 'time limit'), deadlineMs);
    const onMessage = (answer: ProofAnswer): void => {
      if (answer.kind === 'at') {
        position = answer.position;
        timer.refresh();
      } else finish(answer);
    };
    worker.on('message', onMessage);
    once(worker, 'error', { signal }).then(
      ([error]) => stopped(`the thread failed: ${error instanceof Error ? error.message : String(error)}`),
      () => undefined,
    );
    once(worker, 'exit', { signal }).then(
      () => stopped('the thread ended'),
      () => undefined,
    );
  });
}

function workerDataOf(clone: Clone, project: ProofProject): ProofWorkerData {
  if (clone.kind === 'scratch') return { clone, project };
  const extensions = clone.extensions.flatMap((name) => pgliteExtension(name) ?? []);
  const { dump, searchPath = null } = clone;
  return { clone: { kind: 'embedded', dump, extensions, searchPath }, project };
}

function messageOf(answer: ProofAnswer): string {
  return answer.kind === 'broken' ? answer.message : answer.kind;
}
