/** What is thrown -> what a person reads on stderr, and the exit code. */
import { redact } from '../9-report/redact.js';
import { MigrateError, type ExitCode } from '../errors.js';
import type { Terminal } from '../io/terminal.js';

/** A MigrateError says what, where and what to do; anything else is a bug, told with its stack. */
export function showError(
  error: unknown,
  terminal: Pick<Terminal, 'err' | 'palette'>,
  version: string,
): ExitCode {
  if (error instanceof MigrateError) {
    const lines = [`${terminal.palette.red('error')}: ${error.title}`];
    if (error.detail !== null) lines.push(indent(error.detail));
    if (error.hint !== null) lines.push(error.hint);
    terminal.err(redact(`${lines.join('\n')}\n`));
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(
    redact(
      [
        `${terminal.palette.red('bug')}: migrate-rpc met something that it does not expect.`,
        indent(stack),
        ...causeLines(error),
        'Please report it to the maintainers with the lines above, the command, and:',
        `  migrate-rpc ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
        '',
      ].join('\n'),
    ),
  );
  return 70;
}

function causeLines(error: unknown): readonly string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? [indent(`caused by ${cause.stack ?? cause.message}`)] : [];
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
