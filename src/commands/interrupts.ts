/**
 * SIGINT and SIGTERM: before the writing they end the run; during it they wait for its end. A listener of JavaScript
 * is only heard between two pieces of work, so that a command that works in one piece takes the listeners off.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from '../io/terminal.js';

export interface Interrupts {
  /** Runs what must not be cut in two; a signal meanwhile is answered when it is over. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Registers what must be undone before the process ends; gives what takes it off the list again. */
  readonly onInterrupt: (cleanup: () => Promise<void>) => () => void;
  /** From here a signal ends the process at once, also during work that never waits; not while `hold` runs. */
  release(): void;
  /** Undoes it, for at most ten seconds. */
  cleanUp(): Promise<void>;
}

const signals = ['SIGINT', 'SIGTERM'] as const;
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens until the process ends. */
export function watchInterrupts(terminal: Terminal): Interrupts {
  let holding = false;
  let released = false;
  let heard: keyof typeof exitCodes | null = null;
  const cleanups = new Set<() => Promise<void>>();
  const cleanUp = async (): Promise<void> => {
    const works = [...cleanups].map((cleanup) => cleanup().catch(() => undefined));
    cleanups.clear();
    if (works.length > 0) await Promise.race([Promise.all(works), sleep(10_000, null, { ref: false })]);
  };
  const answer = (signal: keyof typeof exitCodes): void => {
    if (holding) {
      heard = signal;
      terminal.err('\nThe files are being written; this is finished first.\n');
      return;
    }
    terminal.err('\nInterrupted; nothing was written.\n');
    void cleanUp().then(() => process.exit(exitCodes[signal]));
  };
  const listen = (): void => signals.forEach((signal) => process.on(signal, answer));
  const unlisten = (): void => signals.forEach((signal) => process.off(signal, answer));
  listen();
  return {
    cleanUp,
    release() {
      released = true;
      unlisten();
    },
    onInterrupt(cleanup) {
      cleanups.add(cleanup);
      return () => cleanups.delete(cleanup);
    },
    async hold(work) {
      holding = true;
      if (released) listen();
      try {
        return await work();
      } finally {
        holding = false;
        if (released) {
          unlisten();
          if (heard !== null) process.kill(process.pid, heard);
        }
      }
    },
  };
}
