/** A statement of an SQL file that does not run, shown with its line and a caret under the place. */
import type { PostgresError } from './database.js';
import { MigrateError } from '../errors.js';
import { indexOfCodePoint } from '../sql/character-offsets.js';
import type { FileStatement } from '../sql/split-statements.js';

/** The file's text does not parse. */
export function parseFailure(
  name: string,
  text: string,
  failure: { readonly message: string; readonly position: number | null },
): MigrateError {
  const { line, shown } = pointTo(text, failure.position ?? 0);
  return new MigrateError('sql-file-syntax', `${name}:${line}: the SQL cannot be read`, {
    detail: `${shown}\n${failure.message}`,
    hint: 'Correct the file, or leave it out of --db.',
  });
}

/** PostgreSQL refuses one of its statements. */
export function statementFailure(
  file: { readonly name: string; readonly text: string },
  statement: FileStatement,
  error: PostgresError,
  notes: readonly string[],
): MigrateError {
  const offset = error.position === null ? 0 : indexOfCodePoint(statement.text, error.position - 1);
  const { line, shown } = pointTo(file.text, statement.start + offset);
  const missing = notes.filter((note) => note.includes('skipped extension'));
  const words = [
    shown,
    `${error.message} (${error.sqlstate})`,
    ...(error.detail === null ? [] : [error.detail]),
    ...(error.hint === null ? [] : [`PostgreSQL's hint: ${error.hint}`]),
    ...missing,
  ];
  return new MigrateError('sql-file-failed', `${file.name}:${line}: PostgreSQL refuses the statement`, {
    detail: words.join('\n'),
    hint:
      missing.length > 0
        ? 'The schema may need the extension that was left out: give --db the URL of a server that has it.'
        : 'Are all files given, and in the order in which they run? Else give --db the URL of a server.',
  });
}

/** `index` counts characters of the text. Long lines are cut round the place. */
function pointTo(text: string, index: number): { line: number; shown: string } {
  const before = text.slice(0, index).split('\n');
  const line = before.length;
  const column = before.at(-1)?.length ?? 0;
  const whole = (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  const from = whole.length <= 100 ? 0 : Math.max(0, column - 60);
  const gutter = `${line} | `;
  const caret = ' '.repeat(gutter.length) + whole.slice(from, column).replace(/[^\t]/g, ' ') + '^';
  return { line, shown: `${gutter}${whole.slice(from, from + 100)}\n${caret}` };
}
