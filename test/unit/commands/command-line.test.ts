import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildCommandLine } from '../../../src/commands/command-line.js';
import { notBuiltYet, settingsSchema } from '../../../src/config.js';
import { MigrateError } from '../../../src/errors.js';

async function parse(...argv: string[]) {
  let flags: Readonly<Record<string, unknown>> | 'demo' | null = null;
  let output = '';
  const program = buildCommandLine(
    {
      migrate: async (given) => void (flags = given),
      demo: async () => void (flags = 'demo'),
      check: async (given) => void (flags = { ...given, command: 'check' }),
    },
    '1.2.3',
  ).configureOutput({ writeOut: (text) => (output += text), writeErr: (text) => (output += text) });
  for (const command of program.commands) command.configureOutput(program.configureOutput());
  const error: unknown = await program.parseAsync(argv, { from: 'user' }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { flags: flags as Readonly<Record<string, unknown>> | 'demo' | null, output, error };
}

describe('the command line', () => {
  it.each([
    [['src'], { paths: ['src'] }],
    [['--db', 'x', 'src', 'lib'], { db: 'x', paths: ['src', 'lib'] }],
    [['--only', 'a', '--only', 'b,c', 'src'], { only: ['a', 'b,c'], paths: ['src'] }],
    [
      ['src', '--no-prove', '--yes', '--skeletons', '--force'],
      { paths: ['src'], prove: false, yes: true, skeletons: true, force: true },
    ],
    [
      ['--report', 'a.json', '--report', 'b.md', '--dry-run', 'src'],
      { report: ['a.json', 'b.md'], dryRun: true, paths: ['src'] },
    ],
    [['--scratch', 'u', '--require-proven'], { scratch: 'u', requireProven: true }],
    [['--', '--odd-folder'], { paths: ['--odd-folder'] }],
    [[], {}],
  ])('%j gives only what was given', async (argv, flags) => {
    expect(await parse(...argv)).toEqual({ flags, output: '', error: null });
  });

  it('knows each setting, and no other', async () => {
    const { output } = await parse('--help');
    const shown = [...output.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map((match) => match[1]);
    const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const settings = [...Object.keys(settingsSchema.shape), ...Object.keys(notBuiltYet)]
      .filter((key) => !['paths', 'context', 'maxRows', 'check'].includes(key))
      .map((key) => (key === 'prove' ? 'no-prove' : kebab(key)));
    expect(shown.sort()).toEqual([...settings, 'help', 'version'].sort());
  });

  it.each(['surge', 'health', 'apply'])('refuses the command %s by name, whatever follows', async (name) => {
    const { error, flags } = await parse(name, '--format', 'json', 'src');
    expect(error).toBeInstanceOf(MigrateError);
    expect(error).toMatchObject({ title: `The command ${name} is not built yet`, exitCode: 2 });
    expect(flags).toBeNull();
  });

  it('gives the options behind check to check alone', async () => {
    const given = await parse('check', '--db', 'x', '--format', 'json', 'src');
    expect(given.flags).toEqual({ command: 'check', db: 'x', format: 'json', paths: ['src'] });
    expect((await parse('check', '--yes', 'src')).error).toBeInstanceOf(CommanderError);
  });

  it('starts the demo', async () => {
    expect((await parse('demo')).flags).toBe('demo');
  });

  it.each([['--nope'], ['--db']])('tells an unusable %s with the way to help', async (...argv) => {
    const { error, output } = await parse(...argv);
    expect(error).toBeInstanceOf(CommanderError);
    expect((error as CommanderError).exitCode).not.toBe(0);
    expect(output).toContain('migrate-rpc --help');
  });

  it('prints help and version as a success', async () => {
    const help = await parse('--help');
    expect((help.error as CommanderError).exitCode).toBe(0);
    expect(help.output).toContain('Exit codes:');
    const version = await parse('--version');
    expect([(version.error as CommanderError).exitCode, version.output]).toEqual([0, '1.2.3\n']);
  });
});
