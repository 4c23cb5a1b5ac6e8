/** The grammar of the command line. What each command does is injected, so that parsing is told apart from running. */
import { Command, Option } from 'commander';
import { notBuiltYet } from '../config.js';
import { MigrateError } from '../errors.js';

export interface CommandLineActions {
  /** `flags` holds only what was given, by the names of config.ts. */
  migrate(flags: Readonly<Record<string, unknown>>): Promise<void>;
  demo(): Promise<void>;
  /** `flags` holds only what was given, by the names of check-options.ts. */
  check(flags: Readonly<Record<string, unknown>>): Promise<void>;
}

/** A program that throws CommanderError where it would exit. */
export function buildCommandLine(actions: CommandLineActions, version: string): Command {
  const program = new Command('migrate-rpc')
    .description(
      'Rewrites calls of PostgreSQL functions in TypeScript into Drizzle queries, proves by running that old ' +
        'and new are equal, and asks before it changes a file.',
    )
    .usage('--db <source> [options] <paths...>')
    .argument('[paths...]', 'files and folders to look at')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    // Options behind the name of a command are that command's: none is taken for one of the main command.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('Run migrate-rpc --help for usage.');
  for (const option of [...mainOptions(), ...refusedOptions()]) program.addOption(option);
  program.action(async (paths: string[]) => {
    const flags: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(program.opts())) {
      if (program.getOptionValueSource(key) === 'cli') flags[key] = value;
    }
    await actions.migrate(paths.length > 0 ? { ...flags, paths } : flags);
  });
  program
    .command('demo')
    .description('run the main command on a bundled project and an embedded PostgreSQL')
    .action(() => actions.demo());
  addCheckCommand(program, actions);
  for (const [name, purpose] of Object.entries(refusedCommands)) addRefusedCommand(program, name, purpose);
  return program.addHelpText('after', epilogue);
}

function mainOptions(): readonly Option[] {
  const collect = (value: string, values: readonly string[] | undefined): string[] => [
    ...(values ?? []),
    value,
  ];
  return [
    new Option(
      '--db <source>',
      'a PostgreSQL URL, env:NAME of a variable that holds one, SQL files (a.sql,b.sql) or a folder of migrations; without it DATABASE_URL',
    ),
    new Option('--dry-run', 'build the same plan, print it, write no source file'),
    new Option('--yes', 'ask nothing: apply all that is complete and whose proof does not differ'),
    new Option('--report <file>', 'also write a report, .json or .md; repeatable').argParser(collect),
    new Option('--only <names>', 'only calls of these routines (a,b or schema.a); repeatable').argParser(
      collect,
    ),
    new Option('--skip <names>', 'no calls of these routines; repeatable').argParser(collect),
    new Option('--placement <where>', 'where several steps go: auto, inline or module'),
    new Option('--out <dir>', 'folder of generated modules'),
    new Option('--schema <file>', 'file that declares Drizzle tables; repeatable').argParser(collect),
    new Option('--client <name@path>', 'Drizzle client to use; repeatable').argParser(collect),
    new Option('--transaction <name@path>', 'transaction helper to use; repeatable').argParser(collect),
    new Option(
      '--scratch <url>',
      'prove on this server, in a throw-away database that is made and dropped; locks are compared there',
    ),
    new Option('--sample <rows>', 'also prove with so many rows a table, copied from --db by reading'),
    new Option('--seed <n>', 'from which the varied inputs of the proof follow; 1 when left out'),
    new Option(
      '--budget <cases,seconds>',
      'what the proof of one call may cost: cases, and seconds of search; 300,10 when left out',
    ),
    new Option('--require-proven', 'with --yes: apply only what is proven, not what is proven in part'),
    new Option('--no-prove', 'do not run old and new; the report says so'),
    new Option(
      '--skeletons',
      'with --yes: also apply incomplete translations, which throw where work is left',
    ),
    new Option('--force', 'go on in a git tree with uncommitted changes'),
  ];
}

function refusedOptions(): readonly Option[] {
  const group = 'Not built yet (refused with exit code 2):';
  return [new Option('--scaffold', notBuiltYet.scaffold), new Option('--plan <file>', notBuiltYet.plan)].map(
    (option) => option.helpGroup(group),
  );
}

function addCheckCommand(program: Command, actions: CommandLineActions): void {
  const command = program
    .command('check')
    .description('find what fails, hangs, leaks or lies between Drizzle, the drivers and a pooler')
    .argument('[paths...]', 'files and folders to look at')
    .helpOption('-h, --help', 'print this help');
  const options = [
    new Option('--format <name>', 'pretty, json, sarif, github or junit'),
    new Option('--baseline <file>', 'accept the findings that this file holds; new ones fail'),
    new Option('--update-baseline', 'write what is found now to the baseline'),
    new Option('--changed <ref>', 'only what differs from this git commit or branch, and what depends on it'),
    new Option(
      '--db <source>',
      'also judge what the statements reach in this database: routines, triggers, views, policies; it is only read',
    ),
    new Option(
      '--role <name>',
      'with --db: the role that the application logs in as, if not the login itself',
    ),
  ];
  options.push(new Option('--fix', 'mend what a codemod can mend, then show what is left, with the reason'));
  for (const option of options) command.addOption(option);
  command.action(async (paths: string[]) => {
    const flags: Record<string, unknown> = { ...command.opts() };
    await actions.check(paths.length > 0 ? { ...flags, paths } : flags);
  });
}

const refusedCommands = {
  surge: 'surge load against a pool',
  health: 'connections, idle transactions, latency and vacuum lag against thresholds',
  apply: 'apply a saved plan',
} as const;

function addRefusedCommand(program: Command, name: string, purpose: string): void {
  program
    .command(name)
    .description(purpose)
    .argument('[arguments...]')
    .helpOption(false)
    .allowUnknownOption()
    .helpGroup('Not built yet (refused with exit code 2):')
    .action(() => {
      throw new MigrateError('not-built-yet', `The command ${name} is not built yet`, {
        detail: purpose,
        hint: `A folder called ${name} is named as ./${name}.`,
      });
    });
}

const epilogue = `
Settings may also stand in migrate-rpc.config.ts in the working directory: export default { db, paths, … },
with the names of the options in camelCase (--no-prove is prove: false). Flags win. Only there: context, what gives
the identity of the caller (auth.uid() …), and maxRows, the limit on the rows of a request.

Exit codes:
  0    done, nothing is left (also: no call was found)
  1    something can be rewritten, was kept, declined or is unresolved; a dry run too
  2    you or the environment must act: the message says what, where and what to do
  70   a bug
  130  interrupted, nothing was written (143 for SIGTERM)`;
