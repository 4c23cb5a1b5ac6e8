/**
 * Every fixtures/transforms/<transform>/<case>.input.ts: the transform gives <case>.output.ts, and leaves what it says
 * in <case>.left.txt; a second run changes nothing; what it does not touch keeps its bytes. UPDATE=1 accepts.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import type { Transform } from 'jscodeshift';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const fixtures = join(root, 'fixtures', 'transforms');
const transforms = readdirSync(join(root, 'transforms')).filter((name) => /^[a-z-]+\.ts$/.test(name));
const load = createJiti(import.meta.url, { fsCache: false });

async function run(transform: string, source: string, path: string) {
  const { default: change } = await load.import<{ default: Transform }>(join(root, 'transforms', transform));
  const left: string[] = [];
  const optionsFile = join(fixtures, transform.replace('.ts', ''), 'options.json');
  const options = existsSync(optionsFile)
    ? (JSON.parse(readFileSync(optionsFile, 'utf8')) as Record<string, unknown>)
    : {};
  const text = change(
    { path, source },
    { report: (message: string) => left.push(message) } as never,
    options,
  );
  return { text: (text as string | undefined) ?? source, left };
}

const errorsOf = (text: string, name: string) =>
  (ts.transpileModule(text, { reportDiagnostics: true, fileName: name }).diagnostics ?? []).map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '),
  );

it('every transform has fixtures, and every folder is of a transform', () => {
  expect(readdirSync(fixtures).sort()).toEqual(transforms.map((name) => name.replace('.ts', '')).sort());
});

describe.each(transforms)('%s', (transform) => {
  const folder = join(fixtures, transform.replace('.ts', ''));
  const cases = readdirSync(folder)
    .filter((name) => /\.input\.tsx?$/.test(name))
    .map((name) => name.replace(/\.input\.tsx?$/, ''));

  it('changes something and leaves something', () => {
    expect(cases.length).toBeGreaterThan(0);
    const outputs = cases.map((name) => readFileSync(join(folder, `${name}.output.ts`), 'utf8'));
    const inputs = cases.map((name) => readFileSync(join(folder, `${name}.input.ts`), 'utf8'));
    expect(outputs).not.toEqual(inputs);
    expect(cases.some((name) => existsSync(join(folder, `${name}.left.txt`)))).toBe(true);
  });

  it.each(cases)('%s', async (name) => {
    const input = readFileSync(join(folder, `${name}.input.ts`), 'utf8');
    const { text, left } = await run(transform, input, `${name}.ts`);
    const said = left.join('\n') + (left.length > 0 ? '\n' : '');
    accept(join(folder, `${name}.output.ts`), text);
    accept(join(folder, `${name}.left.txt`), said);
    expect(errorsOf(text, `${name}.ts`)).toEqual([]);
    expect((await run(transform, text, `${name}.ts`)).text).toBe(text);
  });

  it.each(cases)('keeps the line endings of %s', async (name) => {
    const windows = readFileSync(join(folder, `${name}.input.ts`), 'utf8').replaceAll('\n', '\r\n');
    const { text } = await run(transform, windows, `${name}.ts`);
    expect(text.replaceAll('\r\n', '\n')).toBe(readFileSync(join(folder, `${name}.output.ts`), 'utf8'));
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

/** An empty text stands for a file that is not there. */
function accept(path: string, actual: string): void {
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (actual === expected) return;
  if (process.env['UPDATE'] === '1') writeFileSync(path, actual);
  else writeFileSync(`${path}.actual`, actual);
  if (process.env['UPDATE'] !== '1') expect(actual).toBe(expected);
}

it.each(transforms)(
  '%s runs alone with jscodeshift',
  (transform) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'transforms-')));
    try {
      const from = join(fixtures, transform.replace('.ts', ''));
      const name = readdirSync(from).find((one) => {
        const output = join(from, one.replace('.input.', '.output.'));
        return (
          one.includes('.input.') && readFileSync(join(from, one), 'utf8') !== readFileSync(output, 'utf8')
        );
      });
      const file = join(folder, 'code.ts');
      copyFileSync(join(from, name ?? ''), file);
      const bin = join(root, 'node_modules', 'jscodeshift', 'bin', 'jscodeshift.js');
      const options = existsSync(join(from, 'options.json'))
        ? (JSON.parse(readFileSync(join(from, 'options.json'), 'utf8')) as { routines: unknown; db: string })
        : null;
      const routines = join(folder, 'routines.json');
      if (options !== null) writeFileSync(routines, JSON.stringify(options.routines));
      const extra = options === null ? [] : [`--routines=${routines}`, `--db=${options.db}`];
      const said = execFileSync(
        process.execPath,
        [bin, '--run-in-band', '-t', join('transforms', transform), ...extra, file],
        { cwd: root, encoding: 'utf8' },
      );
      expect(said).toContain('1 ok');
      expect(readFileSync(file, 'utf8')).toBe(
        readFileSync(join(from, (name ?? '').replace('.input.', '.output.')), 'utf8'),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
