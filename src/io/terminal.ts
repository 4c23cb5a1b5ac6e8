/** The process's own streams, as the commands see them. */
import pc from 'picocolors';
import { MigrateError } from '../errors.js';

export interface Terminal {
  /** A person can be asked: keys come in and a screen goes out. */
  readonly interactive: boolean;
  /** Honours NO_COLOR, FORCE_COLOR and streams that are no terminal. */
  readonly palette: ReturnType<typeof pc.createColors>;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Writes to stdout; a reader that has gone away is no error. */
  out(text: string): void;
  /** Writes to stderr. */
  err(text: string): void;
  size(): { readonly columns: number; readonly rows: number };
  onResize(redraw: () => void): () => void;
  /** Why stdout took no more (a full disk), or null; a reader that left is not a failure. */
  failure(): MigrateError | null;
}

/** A terminal that does not say how large it is. */
const usualSize = { columns: 80, rows: 24 };

export function openTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const gone = new Set<NodeJS.WriteStream>();
  let failure: MigrateError | null = null;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      gone.add(stream);
      // `migrate-rpc … | head` closes the pipe: the work goes on, and its exit code still counts.
      if (stream === stderr || error.code === 'EPIPE' || error.code === 'EIO') return;
      failure = new MigrateError('output-not-writable', 'The output cannot be written', {
        detail: error.message,
        hint: 'Make room, or send the output elsewhere. What the run did is not undone.',
        cause: error,
      });
    });
  }
  const write = (stream: NodeJS.WriteStream, text: string): void => {
    if (!gone.has(stream)) stream.write(text);
  };
  return {
    interactive: stdin.isTTY && stdout.isTTY,
    palette: pc.createColors(pc.isColorSupported),
    input: stdin,
    output: stdout,
    out: (text) => write(stdout, text),
    err: (text) => write(stderr, text),
    size: () => ({
      columns: stdout.columns || usualSize.columns,
      rows: stdout.rows || usualSize.rows,
    }),
    failure: () => failure,
    onResize(redraw) {
      stdout.on('resize', redraw);
      return () => stdout.off('resize', redraw);
    },
  };
}
