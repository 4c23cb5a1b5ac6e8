import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { showError } from '../../../src/commands/show-error.js';
import { MigrateError } from '../../../src/errors.js';

function shown(error: unknown): { code: number; text: string } {
  let text = '';
  const terminal = { palette: pc.createColors(false), err: (more: string) => void (text += more) };
  return { code: showError(error, terminal, '1.2.3'), text };
}

describe('showError', () => {
  it('says what, where and what to do', () => {
    const error = new MigrateError('x', 'The server refused', { detail: 'h:5432\nno', hint: 'Start it.' });
    expect(shown(error)).toEqual({ code: 2, text: 'error: The server refused\n  h:5432\n  no\nStart it.\n' });
  });

  it('leaves with the exit code of the error', () => {
    expect(shown(new MigrateError('x', 'Stopped', { exitCode: 130 })).code).toBe(130);
  });

  it('shows no password', () => {
    const text = shown(new MigrateError('x', 'No', { detail: 'postgres://a:secret@h/d' })).text;
    expect(text).toContain('postgres://a:***@h/d');
    expect(shown(new Error('postgres://a:secret@h/d')).text).not.toContain('secret');
  });

  it('calls anything else a bug, with stack, cause and how to report it', () => {
    const { code, text } = shown(new Error('lost an edit', { cause: new TypeError('of this') }));
    expect(code).toBe(70);
    expect(text).toContain('Error: lost an edit\n');
    expect(text).toContain('caused by TypeError: of this');
    expect(text).toContain('Please report it');
    expect(text).toContain(`migrate-rpc 1.2.3, Node ${process.version}`);
  });

  it('survives what is no Error', () => {
    expect(shown('just text')).toMatchObject({ code: 70 });
  });
});
