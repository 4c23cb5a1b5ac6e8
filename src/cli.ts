/** Arguments in, exit code out: the only place that ends the process. */
import { createRequire } from 'node:module';
import { CommanderError } from 'commander';
import { buildCommandLine } from './commands/command-line.js';
import { demo } from './commands/demo.js';
import { watchInterrupts, type Interrupts } from './commands/interrupts.js';
import { migrate } from './commands/migrate.js';
import { showError } from './commands/show-error.js';
import type { ExitCode } from './errors.js';
import { loadConfig } from './io/load-config.js';
import { openProgress } from './io/progress.js';
import { resolveSource } from './io/resolve-source.js';
import { openTerminal, type Terminal } from './io/terminal.js';
import { buildOptions, type Options } from './options.js';

/** Runs the command that the arguments (without node and script) name, then ends the process. */
export async function main(argv: readonly string[]): Promise<never> {
  const terminal = openTerminal();
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  const interrupts = watchInterrupts(terminal);
  process.on('uncaughtException', (error) => {
    const code = showError(error, terminal, version);
    void interrupts.cleanUp().then(() => process.exit(code));
  });
  const code = await run(argv, { terminal, version, interrupts });
  // Both streams are flushed first: on some systems writing to a pipe is not finished yet.
  await Promise.all([process.stdout, process.stderr].map(flush));
  const failure = terminal.failure();
  process.exit(failure !== null && code < 2 ? showError(failure, terminal, version) : code);
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writable || stream.writableLength === 0) return Promise.resolve();
  return new Promise((flushed) => stream.once('drain', flushed).once('error', () => flushed()));
}

interface Surroundings {
  readonly terminal: Terminal;
  readonly version: string;
  readonly interrupts: Interrupts;
}

async function run(
  argv: readonly string[],
  { terminal, version, interrupts }: Surroundings,
): Promise<ExitCode> {
  let code: ExitCode = 0;
  const context = async () => ({
    terminal,
    progress: openProgress(process.stderr),
    interrupts,
    // Loaded only when it is needed: help and refused options answer at once.
    pipeline: await import('./pipeline.js'),
  });
  const program = buildCommandLine(
    {
      async migrate(flags) {
        const options = await readOptions(flags, terminal);
        code = await migrate(options, { ...(await context()), show: 'summary' });
      },
      async demo() {
        code = await demo(await context());
      },
      async check(flags) {
        interrupts.release();
        const [{ check }, { buildCheckOptions }, { rules }, { bodyRules }] = await Promise.all([
          import('./commands/check.js'),
          import('./commands/check-options.js'),
          import('./guard/rules.js'),
          import('./guard/body-rules.js'),
        ]);
        const cwd = process.cwd();
        const config = await loadConfig(cwd);
        const chosen =
          config === null
            ? null
            : { values: config.values['check'], paths: config.values['paths'], file: config.file };
        const source = (db: string) => resolveSource(db, process.env, cwd);
        const options = buildCheckOptions(flags, chosen, { cwd, rules, bodyRules, source });
        code = await check(options, { terminal, version, hold: interrupts.hold });
      },
    },
    version,
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong by then; help and version leave with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return showError(error, terminal, version);
  }
}

async function readOptions(flags: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<Options> {
  const cwd = process.cwd();
  const config = await loadConfig(cwd);
  const kebab = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return buildOptions(
    [
      { label: kebab, values: flags },
      ...(config === null
        ? []
        : [{ label: (key: string) => `${key} in ${config.file}`, values: config.values }]),
    ],
    { cwd, interactive: terminal.interactive, source: (db) => resolveSource(db, process.env, cwd) },
  );
}
