/**
 * What becomes of every call through `.rpc()` in public projects: `npm run requests -- <folder with checkouts>
 * [name …]`. Each project is a folder named after its repository, at the commit that docs/coverage.repos.json gives.
 * Its sources are copied to a temporary folder, with a Drizzle schema as drizzle-kit would take it from the database
 * and a client beside it, and planned without proof; nothing of the checkout is written. Writes
 * docs/coverage-requests.md when all projects were asked for.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { ensureBuild } from './ensure-build.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [checkouts, ...only] = process.argv.slice(2);

if (checkouts === undefined || !existsSync(checkouts)) {
  process.stderr.write('Name the folder with the checkouts: npm run requests -- <folder> [name …]\n');
  process.exitCode = 2;
} else {
  await ensureBuild();
  await main();
}

async function main() {
  const projects = JSON.parse(readFileSync(join(root, 'docs', 'coverage.repos.json'), 'utf8'));
  const chosen = projects.filter(({ repository }) => only.length === 0 || only.includes(nameOf(repository)));
  const results = [];
  for (const project of chosen) {
    const named = join(checkouts, nameOf(project.repository));
    if (!existsSync(named)) continue;
    const folder = realpathSync(named);
    const { sites, others } = await requestsOf(project, folder);
    if (sites.length + others.length > 0) results.push({ project, sites, others });
    process.stderr.write(`${project.repository}: ${sites.length} calls through .rpc()\n`);
  }
  const text = rendered(results);
  if (only.length === 0) writeFileSync(join(root, 'docs', 'coverage-requests.md'), text);
  else console.log(`${text}\n${results.flatMap(listed).join('\n')}`);
}

/** One line for each call, for a look at some projects. */
function listed({ sites, others }) {
  const lines = sites.map(
    ({ id, routineName, status, reason }) =>
      `${id} ${routineName}: ${status} ${reason?.id ?? ''} ${(reason?.detail ?? '').replaceAll('\n', ' ')}`,
  );
  return [...lines, ...others.map((place) => `${place} is none`)];
}

/** Status, reason and detail of each call of the project through `.rpc()`, and what else reads `.rpc(` in its text. */
async function requestsOf(project, folder) {
  const { loadProject } = await import('./measure/load-project.js');
  const { drizzleSchema } = await import('./measure/drizzle-schema.js');
  const { planRun } = await import('../dist/pipeline.js');
  const { silentProgress } = await import('../dist/io/progress.js');
  const { db, catalog } = await loadProject(project, folder);
  const copy = mkdtempSync(join(tmpdir(), 'migrate-rpc-requests-'));
  try {
    const paths = project.sources.filter((path) => existsSync(join(folder, path)));
    for (const path of [...paths, ...settingsOf(folder)]) {
      if (existsSync(join(folder, path))) cpSync(join(folder, path), join(copy, path), { recursive: true });
    }
    standInForMissing(copy);
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    mkdirSync(join(copy, 'drizzle'));
    writeFileSync(join(copy, 'drizzle', 'schema.ts'), drizzleSchema(catalog).text);
    writeFileSync(
      join(copy, 'drizzle', 'client.ts'),
      `import { drizzle } from 'drizzle-orm/node-postgres';\n\nexport const db = drizzle('postgres://localhost/db');\n`,
    );
    const plan = await planRun(optionsFor(copy, paths), {
      progress: silentProgress,
      openDatabase: async () => ({ ...db, close: async () => undefined }),
    });
    const sites = plan.report.callSites.filter(({ kind }) => kind === 'rpc');
    return { sites, others: await otherPlaces(copy, paths, sites) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
    await db.terminate();
  }
}

/** Lines of source files that read `.rpc(` and are no call site: comments, strings, other protocols. */
async function otherPlaces(copy, paths, sites) {
  const { listSourceFiles } = await import('../dist/io/list-source-files.js');
  const { files } = await listSourceFiles(paths, copy, { components: true });
  const found = [];
  for (const path of files) {
    const name = relative(copy, path);
    const text = readFileSync(path, 'utf8');
    const lines = text.split('\n');
    const startOf = ({ line, column }) => lines.slice(0, line - 1).join('\n').length + column;
    const places = new Set([...text.matchAll(/\.rpc\s*(?:<[^()]*>)?\(/g)].map(({ index }) => index));
    for (const site of sites.filter(({ file }) => file === name)) {
      const start = startOf(site) - 1;
      const own = [...places].find((place) => place >= start);
      // A caller of a wrapper has no `.rpc(` of its own.
      if (own !== undefined && !text.slice(start, own).includes(';')) places.delete(own);
    }
    refuseLost(name, text, sites);
    for (const place of places) found.push(`${name}:${text.slice(0, place).split('\n').length}`);
  }
  return found;
}

/** Throws for a call of a method `rpc` with arguments that is no call site and of no protocol that is another's. */
function refuseLost(name, text, sites) {
  if (/\.(?:vue|svelte)$/.test(name)) return;
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const known = new Set(
    sites.filter(({ file }) => file === name).map(({ line, column }) => `${line}:${column}`),
  );
  const visit = (node) => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    if (node.expression.name.text !== 'rpc' || node.arguments.length === 0) return;
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
    const place = `${line + 1}:${character + 1}`;
    if (known.has(place) || !/supabase|postgrest/i.test(node.expression.expression.getText())) return;
    throw new Error(`${name}:${place} is a request and was not found`);
  };
  visit(source);
}

/** A checkout may lack files outside of its sources: the base of a tsconfig, the outermost package.json. */
function standInForMissing(copy) {
  if (!existsSync(join(copy, 'package.json')))
    writeFileSync(join(copy, 'package.json'), '{ "private": true }\n');
  const base = {
    compilerOptions: { strict: true, module: 'esnext', moduleResolution: 'bundler', target: 'es2022' },
  };
  for (const path of readdirSync(copy, { recursive: true })) {
    if (!/(?:^|[\\/])tsconfig[^\\/]*\.json$/.test(path)) continue;
    const [, wanted] = /"extends"\s*:\s*"(\.[^"]+)"/.exec(readFileSync(join(copy, path), 'utf8')) ?? [];
    if (wanted === undefined) continue;
    const file = join(copy, dirname(path), wanted.endsWith('.json') ? wanted : `${wanted}.json`);
    if (existsSync(file)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(base));
  }
}

/** What the compiler reads of the checkout's own folder. */
function settingsOf(folder) {
  return readdirSync(folder).filter((name) => /^(?:tsconfig.*|package)\.json$/.test(name));
}

function optionsFor(cwd, paths) {
  return {
    cwd,
    source: { kind: 'files', paths: [] },
    paths,
    mode: 'plan',
    only: [],
    skip: [],
    placement: 'auto',
    out: null,
    schema: ['drizzle/schema.ts'],
    client: ['db@drizzle/client.ts'],
    transaction: [],
    prove: 'off',
    scratch: null,
    sample: null,
    seed: 1,
    budget: { cases: 1, seconds: 1 },
    applies: 'same',
    skeletons: 'ask',
    reports: [],
    dirtyTree: 'allow',
  };
}

function rendered(results) {
  const all = results.flatMap(({ sites }) => sites);
  const outcomes = new Map();
  for (const { status, reason } of all) {
    const what = status === 'rewritable' ? 'rewritable' : `${status}: ${reason?.id ?? ''}`;
    outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
  }
  const projects = results.map(({ project, sites, others }) => {
    const count = (status) => sites.filter((site) => site.status === status).length;
    return [
      project.repository,
      project.commit.slice(0, 10),
      sites.length,
      count('rewritable'),
      count('kept'),
      count('unresolved'),
      others.length,
    ];
  });
  const reasons = [...outcomes].sort((a, b) => b[1] - a[1]);
  return `# Calls through \`.rpc()\` in public projects

Made by \`npm run requests -- <folder with checkouts>\`; the repositories and commits stand in \`coverage.repos.json\`. The sources of each project are planned as they are (tests left out), with a Drizzle schema as drizzle-kit would take it from the database and a client beside it. Nothing is proven or written. What reads \`.rpc(\` in the text of the same files and is no call site (a comment, another protocol) is counted in the last column, so that every \`.rpc(\` is accounted for.

## By project

${table(['project', 'commit', 'calls', 'rewritable', 'kept', 'unresolved', 'no request'], projects, 2)}

## By outcome

${table(['outcome', 'calls'], reasons, 1)}
`;
}

/** @param {number} texts So many columns from the left are text. */
function table(head, rows, texts) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index < texts ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map((row) => line(row.map(String)))].join('\n');
}

function nameOf(repository) {
  return repository.split('/')[1];
}
