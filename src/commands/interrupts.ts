/** SIGINT and SIGTERM: before the writing they end the run; during it they wait for its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from '../io/terminal.js';

export interface Interrupts {
  /** Runs what must not be cut in two; a signal meanwhile is answered when it is over. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Registers what must be undone before the process ends; gives what takes it off the list again. */
  readonly onInterrupt: (cleanup: () => Promise<void>) => () => void;
  /** Undoes it, for at most ten seconds. */
  cleanUp(): Promise<void>;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens until the process ends. */
export function watchInterrupts(terminal: Terminal): Interrupts {
  let holding = false;
  const cleanups = new Set<() => Promise<void>>();
  const cleanUp = async (): Promise<void> => {
    const works = [...cleanups].map((cleanup) => cleanup().catch(() => undefined));
    cleanups.clear();
    if (works.length > 0) await Promise.race([Promise.all(works), sleep(10_000, null, { ref: false })]);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (holding) {
        terminal.err('\nThe files are being written; this is finished first.\n');
        return;
      }
      terminal.err('\nInterrupted; nothing was written.\n');
      void cleanUp().then(() => process.exit(exitCodes[signal]));
    });
  }
  return {
    cleanUp,
    onInterrupt(cleanup) {
      cleanups.add(cleanup);
      return () => cleanups.delete(cleanup);
    },
    async hold(work) {
      holding = true;
      try {
        return await work();
      } finally {
        holding = false;
      }
    },
  };
}
