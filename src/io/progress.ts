/** What long work tells a waiting person: on stderr only, and only after a second has passed. */
import ora, { type Ora } from 'ora';

export interface Progress {
  /** Names what is done from now on: `reading the catalog`. */
  start(activity: string): void;
  /** How far the activity has come. */
  advance(done: number, all: number): void;
  /** Takes the line away; nothing is shown until the next start. */
  stop(): void;
}

export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Work that ends within this time is not worth a line. */
const quietMilliseconds = 1000;
const lineEveryMilliseconds = 3000;

/** A spinner on a terminal, else a plain line every few seconds. */
export function openProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? spinnerProgress(stream) : lineProgress(stream, Date.now);
}

/** Writes nothing; for callers that have nobody to show it to. */
export const silentProgress: Progress = { start() {}, advance() {}, stop() {} };

/** Plain lines for logs. `now` gives milliseconds. */
export function lineProgress(stream: ProgressStream, now: () => number): Progress {
  let activity = '';
  let quietUntil: number | null = null;
  const tell = (text: string): void => {
    if (activity === '' || quietUntil === null || now() < quietUntil) return;
    stream.write(`${text}\n`);
    quietUntil = now() + lineEveryMilliseconds;
  };
  return {
    start(next) {
      activity = next;
      quietUntil ??= now() + quietMilliseconds;
      tell(activity);
    },
    advance(done, all) {
      tell(`${activity} (${done}/${all})`);
    },
    stop() {
      activity = '';
    },
  };
}

function spinnerProgress(stream: NodeJS.WriteStream): Progress {
  let spinner: Ora | null = null;
  let timer: NodeJS.Timeout | null = null;
  let text = '';
  let since = 0;
  const show = (): void => {
    if (spinner !== null) spinner.text = text;
    else if (Date.now() - since >= quietMilliseconds) {
      // Input stays with the review: a spinner that discards stdin would swallow its first key.
      spinner = ora({ text, stream, discardStdin: false }).start();
    }
  };
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    spinner?.stop();
    spinner = null;
  };
  return {
    start(activity) {
      text = activity;
      if (spinner === null && timer === null) {
        since = Date.now();
        timer = setTimeout(show, quietMilliseconds);
        timer.unref();
      }
      show();
    },
    advance(done, all) {
      text = `${text.replace(/ \(\d+\/\d+\)$/, '')} (${done}/${all})`;
      show();
    },
    stop,
  };
}
