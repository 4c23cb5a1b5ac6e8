/** SIGINT and SIGTERM: before the writing they end the run; during it they wait for its end. */
import type { Terminal } from '../io/terminal.js';

export interface Interrupts {
  /** Runs what must not be cut in two; a signal meanwhile is answered when it is over. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens until the process ends. */
export function watchInterrupts(terminal: Terminal): Interrupts {
  let holding = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (holding) {
        terminal.err('\nThe files are being written; this is finished first.\n');
        return;
      }
      terminal.err('\nInterrupted; nothing was written.\n');
      process.exit(exitCodes[signal]);
    });
  }
  return {
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
