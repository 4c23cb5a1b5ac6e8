/**
 * Measures the translation on public projects: `npm run coverage -- <folder with checkouts> [name …]`. Each project
 * is a folder named after its repository, at the commit that docs/coverage.repos.json gives. Writes docs/coverage.md
 * when all projects were asked for; `--details <file>` writes every single outcome as JSON. With `--no-proofs`
 * nothing is run and the page is printed instead. `--from <details>`, repeatable, makes the page of what several runs
 * over parts of the projects have left, so that they can go side by side; of a project in two of them the later counts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuild } from './ensure-build.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    details: { type: 'string' },
    from: { type: 'string', multiple: true, default: [] },
    'no-proofs': { type: 'boolean', default: false },
  },
});
const [checkouts, ...only] = positionals;

if (values.from.length > 0) {
  await writeJoined();
} else if (checkouts === undefined || !existsSync(checkouts)) {
  process.stderr.write('Name the folder with the checkouts: npm run coverage -- <folder> [name …]\n');
  process.exitCode = 2;
} else {
  await ensureBuild();
  await main();
}

/** The page of several runs' details. */
async function writeJoined() {
  const { renderCoverage } = await import('./measure/render-coverage.js');
  const runs = values.from.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')));
  const projects = JSON.parse(readFileSync(join(root, 'docs', 'coverage.repos.json'), 'utf8'));
  const results = projects.map((project) => {
    const found = runs.findLast(({ repository }) => repository === project.repository);
    return found === undefined ? { project, absent: true } : { ...found, project };
  });
  writeFileSync(join(root, 'docs', 'coverage.md'), renderCoverage(results));
}

async function main() {
  const { measureProject } = await import('./measure/measure-project.js');
  const { renderCoverage, renderLine } = await import('./measure/render-coverage.js');
  const projects = JSON.parse(readFileSync(join(root, 'docs', 'coverage.repos.json'), 'utf8'));
  const chosen = projects.filter(({ repository }) => only.length === 0 || only.includes(nameOf(repository)));
  const results = [];
  for (const project of chosen) {
    const folder = join(checkouts, nameOf(project.repository));
    const result = existsSync(folder)
      ? {
          project,
          commit: commitOf(folder),
          program: commitOf(root),
          ...(await measureProject(project, folder, {
            prove: !values['no-proofs'],
            say: (text) => say(`${nameOf(project.repository)}: ${text}`),
          })),
        }
      : { project, absent: true };
    results.push(result);
    console.log(renderLine(result));
    if (values.details !== undefined)
      writeFileSync(values.details, JSON.stringify(results.map(plain), null, 1));
  }
  const text = renderCoverage(results);
  if (only.length === 0 && !values['no-proofs']) writeFileSync(join(root, 'docs', 'coverage.md'), text);
  else console.log(text);
}

/** On a terminal one line that is written anew. */
function say(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function nameOf(repository) {
  return repository.split('/')[1];
}

/** The checkout's own commit, or null where git does not tell. */
function commitOf(folder) {
  const run = spawnSync('git', ['-C', folder, 'rev-parse', 'HEAD'], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim() : null;
}

function plain({ project, outcomes = [], ...rest }) {
  return {
    repository: project.repository,
    ...rest,
    outcomes: outcomes.map(({ routine, ...outcome }) => ({
      routine: `${routine.schema}.${routine.name}`,
      oid: routine.oid,
      source: routine.definition,
      ...outcome,
    })),
  };
}
