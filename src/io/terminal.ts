/** The process's own streams, as the commands see them. */
import pc from 'picocolors';

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
}

/** A terminal that does not say how large it is. */
const usualSize = { columns: 80, rows: 24 };

export function openTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const gone = new Set<NodeJS.WriteStream>();
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // `migrate-rpc … | head` closes the pipe; the work goes on, and its exit code still counts.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
      gone.add(stream);
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
    onResize(redraw) {
      stdout.on('resize', redraw);
      return () => stdout.off('resize', redraw);
    },
  };
}
