/** Do translations type-check? Against the schema as TypeScript and the real types of Drizzle, in memory. */

import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { openImportResolver } from '../../dist/6-rewrite/import-resolver.js';
import { moduleChanges } from '../../dist/6-rewrite/module-files.js';
import { moduleNeeds } from '../../dist/6-rewrite/module-need.js';
import { openPlaceContext } from '../../dist/6-rewrite/place-context.js';
import { schemaFile } from './drizzle-schema.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const clientFile = '/coverage/db.ts';
const clientText = `import { drizzle } from 'drizzle-orm/node-postgres';

export const db = drizzle('postgres://localhost/none');
`;

/**
 * @param {readonly { draft: object, use: object, after: string }[]} candidates
 * @param {string} schema text of the schema file
 * @returns {Promise<Map<object, string>>} The first message on each draft that has one.
 */
export async function checkTypes(candidates, schema, project) {
  if (candidates.length === 0) return new Map();
  const drafts = candidates.map(({ draft }) => draft).filter(({ kind }) => kind === 'module');
  const inline = candidates.filter(({ draft }) => draft.kind !== 'module');
  const inlineFile = (index) => `/coverage/inline-${String(index)}.ts`;
  const given = new Map([
    [schemaFile, schema],
    [clientFile, clientText],
  ]);
  const context = openPlaceContext({
    project,
    resolver: openImportResolver(null),
    files: given,
    existing: () => null,
  });
  const plans = [];
  for (const [index, draft] of drafts.entries()) {
    const modules = await moduleNeeds(draft, { file: clientFile, name: 'db' }, context);
    if ('reason' in modules) throw new Error(`${modules.reason}: ${modules.detail}`);
    plans.push({ siteId: String(index), modules, edits: [], imports: [], mayBecomeUnused: [] });
  }
  const changes = moduleChanges(plans, given, { resolver: context.resolver, styles: context.styles });
  const files = new Map([
    ...given,
    ...changes.map(({ path, after }) => [path, after]),
    ...inline.map((candidate, index) => [inlineFile(index), typedModule(candidate)]),
  ]);
  const messages = diagnostics(files);
  const found = new Map();
  for (const [index, draft] of drafts.entries()) {
    for (const { path } of plans[index].modules) {
      const message = messages.get(path);
      if (message !== undefined && !found.has(draft)) found.set(draft, message);
    }
  }
  for (const [index, { draft }] of inline.entries()) {
    const message = messages.get(inlineFile(index));
    if (message !== undefined) found.set(draft, message);
  }
  return found;
}

/** The module that the proof runs, with the types of what stands at the call. */
function typedModule({ after, use }) {
  const args = use.arguments.map(({ hole, type }) => `a${String(hole)}: ${type}`).join('; ');
  return `import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
${after.replaceAll(`'${schemaFile}'`, "'./schema.js'").replace('run(db, args)', `run(db: NodePgDatabase, args: { ${args} })`)}
export type Executor = NodePgDatabase;
`;
}

function diagnostics(files) {
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  const host = ts.createCompilerHost(options);
  // The files lie where the packages are found.
  const place = (path) => posix.join(root, '.coverage', path);
  const texts = new Map([...files].map(([path, text]) => [place(path), text]));
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => texts.get(path) ?? readFile.call(host, path);
  host.fileExists = (path) => texts.has(path) || fileExists.call(host, path);
  host.directoryExists = (path) =>
    [...texts.keys()].some((file) => file.startsWith(`${path}/`)) || ts.sys.directoryExists(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = texts.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, language, true);
    const known = libraries.get(path) ?? getSourceFile.call(host, path, language, ...rest);
    libraries.set(path, known);
    return known;
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const found = new Map();
  for (const path of files.keys()) {
    const file = program.getSourceFile(place(path));
    const [first] = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    if (first === undefined) continue;
    const text = ts.flattenDiagnosticMessageText(first.messageText, ' ').split('\n')[0];
    found.set(path, `TS${String(first.code)}: ${text}`);
  }
  return found;
}

/** Drizzle's own declarations are read once. */
const libraries = new Map();
