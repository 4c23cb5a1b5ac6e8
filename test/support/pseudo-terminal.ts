/** A command on a pseudo-terminal of 24 lines and 80 columns, made by `script` of util-linux. */
import { spawn, spawnSync } from 'node:child_process';

export interface TerminalRun {
  /** Waits until the screen has shown the text since the last key. */
  shows(text: string): Promise<void>;
  press(keys: string): void;
  /** All that was written so far. */
  written(): string;
  /** The exit code of the command and all that it wrote. */
  readonly end: Promise<{ readonly code: number | null; readonly written: string }>;
}

/** Why there is no pseudo-terminal here, or null. */
export function missingTerminal(): string | null {
  const version = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return version.status === 0 && version.stdout.includes('util-linux')
    ? null
    : 'the command script of util-linux is not installed';
}

export function runOnTerminal(command: readonly string[], cwd: string): TerminalRun {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('script', ['-qfec', `stty rows 24 cols 80; exec ${quoted}`, '/dev/null'], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', TERM: 'xterm', SHELL: '/bin/sh' },
  });
  let written = '';
  let seen = 0;
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    waiting.forEach((look) => look());
  });
  const end = new Promise<{ code: number | null; written: string }>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, written }));
  });
  return {
    end,
    shows(text) {
      return new Promise((done, fail) => {
        const look = (): void => {
          if (!written.slice(seen).includes(text)) return;
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        void end.then(() => fail(new Error(`The command ended without showing ${text}:\n${written}`)), fail);
        look();
      });
    },
    written: () => written,
    press(keys) {
      seen = written.length;
      child.stdin.write(keys);
    },
  };
}
