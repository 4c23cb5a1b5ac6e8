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
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
    const folder = join(checkouts, nameOf(project.repository));
    if (!existsSync(folder)) continue;
    const sites = await requestsOf(project, folder);
    if (sites.length > 0) results.push({ project, sites });
    process.stderr.write(`${project.repository}: ${sites.length} calls through .rpc()\n`);
  }
  const text = rendered(results);
  if (only.length === 0) writeFileSync(join(root, 'docs', 'coverage-requests.md'), text);
  else console.log(text);
}

/** Status, reason and detail of each call of the project through `.rpc()`. */
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
    return plan.report.callSites.filter(({ kind }) => kind === 'rpc');
  } finally {
    rmSync(copy, { recursive: true, force: true });
    await db.terminate();
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
  const projects = results.map(({ project, sites }) => {
    const count = (status) => sites.filter((site) => site.status === status).length;
    return [
      project.repository,
      project.commit.slice(0, 10),
      sites.length,
      count('rewritable'),
      count('kept'),
      count('unresolved'),
    ];
  });
  const reasons = [...outcomes].sort((a, b) => b[1] - a[1]);
  return `# Calls through \`.rpc()\` in public projects

Made by \`npm run requests -- <folder with checkouts>\`; the repositories and commits stand in \`coverage.repos.json\`. The sources of each project are planned as they are (tests left out), with a Drizzle schema as drizzle-kit would take it from the database and a client beside it. Nothing is proven or written.

## By project

${table(['project', 'commit', 'calls', 'rewritable', 'kept', 'unresolved'], projects, 2)}

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
