/**
 * Writes docs/examples.md: each routine of fixtures/projects/collections beside the TypeScript that its calls
 * become. Needs a build (`npm run build`).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const original = join(root, 'fixtures', 'projects', 'collections');
export const examplesFile = join(root, 'docs', 'examples.md');

/**
 * A copy of the project as `--yes --skeletons` leaves it with each routine of several steps as a function, and the
 * report of that run. The proof is left out: it changes no text. The caller removes the folder.
 */
export function rewriteCollections() {
  const folder = mkdtempSync(join(tmpdir(), 'collections-'));
  cpSync(original, folder, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const flags = ['--yes', '--skeletons', '--no-prove', '--placement', 'module'];
  const command = [join(root, 'bin', 'migrate-rpc.js'), '--db', 'sql', ...flags];
  const run = spawnSync(process.execPath, [...command, '--report', 'report.json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (run.status !== 1) throw new Error(`The run ended with ${run.status}\n${run.stdout}\n${run.stderr}`);
  return { folder, report: JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) };
}

/** The text of docs/examples.md. */
export async function renderExamples({ folder, report }) {
  const definitions = readDefinitions();
  const sections = [...definitions].map(([name, sql]) =>
    renderRoutine(
      report.routines.find((routine) => routine.name === name),
      sql,
      report,
      folder,
    ),
  );
  const text = [introduction, ...sections, ...supportSection(folder)].join('\n\n');
  return format(text, {
    ...(await resolveConfig(examplesFile)),
    parser: 'markdown',
    embeddedLanguageFormatting: 'off',
  });
}

const introduction = `# What becomes of each routine

The 16 routines of [\`fixtures/projects/collections\`](../fixtures/projects/collections), each beside the code
that \`migrate-rpc --db sql --yes --skeletons --placement module src\` makes of its calls. \`node scripts/examples.js\` writes this
page; a test writes it again and compares.`;

/** Definitions by name, in the order of the file. */
function readDefinitions() {
  const text = readFileSync(join(original, 'sql', '002_functions.sql'), 'utf8');
  const found = text.matchAll(/^CREATE FUNCTION (\w+)[^]*?\$\$;$/gm);
  return new Map([...found].map(([definition, name]) => [name, definition]));
}

function renderRoutine(routine, sql, report, folder) {
  const sites = report.call_sites.filter((site) => site.routine === routine.signature);
  const parts = [`## ${routine.name}`, stateOf(routine, sites), block('sql', sql)];
  if (routine.translation === 'none') return parts.join('\n\n');
  const shown = new Set();
  const module = `src/db/routines/${routine.name.replaceAll('_', '-')}.ts`;
  if (report.files.created.includes(module)) parts.push(place(module), block('ts', read(folder, module)));
  for (const { file, line } of sites) {
    const code = functionAfter(file, line, folder);
    if (shown.has(code)) continue;
    shown.add(code);
    parts.push(place(file), block('ts', code));
  }
  return parts.join('\n\n');
}

function stateOf(routine, sites) {
  const calls = sites.length === 1 ? 'one call' : `${sites.length} calls`;
  if (routine.translation === 'none') {
    const [{ reason, sentence, remedy }] = routine.explanations;
    return `Kept, ${calls}: \`${reason}\`. ${sentence} ${remedy}`;
  }
  if (routine.translation === 'skeleton') {
    const left = routine.todos.length === 1 ? 'one piece is' : `${routine.todos.length} pieces are`;
    return `Several steps, ${calls}; ${left} left to write.`;
  }
  return `${routine.verdict === 'multi-step' ? 'Several steps' : 'One statement'}, ${calls}.`;
}

/** The function of the rewritten file that has the name of the one round this line of the original file. */
function functionAfter(file, line, folder) {
  const name = enclosing(parse(file, read(original, file)), line);
  const text = read(folder, file);
  const source = parse(file, text);
  const found = source.statements.find((node) => ts.isFunctionDeclaration(node) && node.name?.text === name);
  if (found === undefined) throw new Error(`${file} has no function ${name} any more`);
  return text.slice(found.getStart(source), found.end);
}

function enclosing(source, line) {
  const position = source.getPositionOfLineAndCharacter(line - 1, 0);
  const found = source.statements.find((node) => node.pos <= position && position < node.end);
  if (found === undefined || !ts.isFunctionDeclaration(found)) {
    throw new Error(`Line ${line} of ${source.fileName} is in no function`);
  }
  return found.name?.text;
}

function supportSection(folder) {
  const file = 'src/db/routines/support.ts';
  return ['## What they share', place(file), block('ts', read(folder, file))];
}

const parse = (file, text) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
const read = (folder, file) => readFileSync(join(folder, file), 'utf8');
const block = (language, text) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
const place = (file) => `\`${file}\`:`;

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const run = rewriteCollections();
  try {
    writeFileSync(examplesFile, await renderExamples(run));
  } finally {
    rmSync(run.folder, { recursive: true });
  }
}
