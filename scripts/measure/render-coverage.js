/** The figures of all projects as Markdown. Names of repositories and counts only, nothing of their text. */
import { counts, share } from './counts.js';
import { aim, differences, notCompared, runs } from './render-runs.js';

const statuses = ['complete', 'skeleton', 'refused', 'not-called', 'crash'];

/** One line for the terminal. */
export function renderLine({ project, absent, outcomes, failed, statements }) {
  if (absent) return `${project.repository}: absent`;
  const single = outcomes.filter(({ verdict }) => verdict === 'single');
  const complete = single.filter(({ status }) => status === 'complete');
  const ran = outcomes.filter(({ evidence }) => evidence !== null);
  const status = (wanted) => ran.filter(({ evidence }) => evidence.status === wanted).length;
  const crashes = outcomes.filter(({ status }) => status === 'crash').length;
  const several = outcomes.filter(({ verdict }) => verdict === 'multi');
  const finished = several.filter(({ status }) => status === 'complete');
  return `${project.repository}: ${outcomes.length} routines, ${several.length} of several steps, ${finished.length} complete; ${single.length} single-statement, ${complete.length} complete (${share(complete.length, single.length)}); ${status('proven')} proven, ${status('partial')} partial, ${status('differs')} differ, ${status('not_run')} not run; ${crashes} crashes; ${failed.length} of ${statements} statements did not load`;
}

export function renderCoverage(results) {
  const present = results.filter(({ absent }) => !absent);
  const all = present.flatMap(({ outcomes }) => outcomes);
  const called = all.filter((outcome) => outcome.called);
  return [
    '# Coverage of public projects',
    '',
    'Made by `npm run coverage -- <folder with checkouts>`; the repositories and commits stand in `coverage.repos.json`. The SQL of each project is loaded into the embedded PostgreSQL; a statement that fails there is counted and left out. Every function and procedure that is no trigger function and belongs to no extension is classified, and what is one statement in effect is translated for a call ``db.execute(sql`SELECT * FROM f(${a}, …)`)`` with a Drizzle schema as drizzle-kit would take it from the database (views as tables). Where nothing but the identity of the caller stands in the way, it is an argument of the translation, as a `context` of the configuration would fill it. Each complete translation is checked by the compiler in strict mode, built by Drizzle and described by PostgreSQL (the parameters must have the declared types and the columns the types that the old call gave), and run against the old call on a copy of the project\'s database, with 40 cases for each routine and a second of search for the branches that they leave. "Proven" took every branch and left nothing uncompared.',
    '',
    'The denominator is what `classify` calls one statement in effect, before anything is translated. "Called" are the routines whose name stands in a call in the project\'s own sources, tests left out.',
    '',
    'What becomes of each call through `.rpc()`, by reason, stands in [coverage-requests.md](coverage-requests.md), made by `npm run requests -- <folder with checkouts>`.',
    '',
    ...programs(results),
    '## By project',
    '',
    '| project | commit | SQL statements | not loaded | call sites |',
    '| --- | --- | ---: | ---: | ---: |',
    ...results.map(loadedRow),
    '',
    '## Every routine that is no trigger function',
    '',
    ...shares(results, () => true),
    '',
    '## Routines that the sources call',
    '',
    ...shares(results, (outcome) => outcome.called),
    '',
    '## The aim',
    '',
    ...aim(called),
    '',
    '## Run against the old call',
    '',
    ...runs(results),
    '',
    ...differences(all),
    'What kept a verdict at partial; one routine may count in several lines.',
    '',
    ...counts(...[all, called].map((some) => some.flatMap(notCompared)), (what) => what),
    '',
    'Not run:',
    '',
    ...counts(
      ...[all, called].map((some) => some.filter(({ evidence }) => evidence?.status === 'not_run')),
      ({ evidence }) => evidence.reason,
    ),
    '',
    '## One statement in effect, not complete',
    '',
    ...counts(
      all.filter(({ verdict, status }) => verdict === 'single' && status !== 'complete'),
      called.filter(({ verdict, status }) => verdict === 'single' && status !== 'complete'),
      ({ reason, status }) =>
        status === 'crash' || status === 'not-called' ? `${status}: ${reason}` : reason,
    ),
    '',
    '## Kept, by reason',
    '',
    ...counts(
      all.filter(({ verdict }) => verdict === 'keep'),
      called.filter(({ verdict }) => verdict === 'keep'),
      ({ reason }) => reason,
    ),
    '',
    '## Several steps',
    '',
    'Straight-line logic has neither loops nor EXCEPTION; the tree of the body tells, before anything is translated. The generated modules are checked by the compiler, in strict mode, against the schema as TypeScript; each statement that stands alone is described and each body run, as above.',
    '',
    ...severalSteps(all),
    '',
    'Of those that the sources call:',
    '',
    ...severalSteps(called),
    '',
    '## Several steps, not complete',
    '',
    ...counts(
      all.filter(({ verdict, status }) => verdict === 'multi' && status !== 'complete'),
      called.filter(({ verdict, status }) => verdict === 'multi' && status !== 'complete'),
      ({ constructs, status, reason }) => `${constructs}, ${status}: ${reason}`,
    ),
    '',
    '## Complete, but not accepted by the compiler',
    '',
    ...counts(all.filter(isRefused), called.filter(isRefused), ({ checked }) => checked),
    '',
  ].join('\n');
}

/** Which commits of this program were measured. */
function programs(results) {
  const found = new Map();
  for (const { program, project } of results) {
    if (typeof program !== 'string') continue;
    found.set(program, [...(found.get(program) ?? []), project.repository]);
  }
  const words = [...found].map(([commit, names]) => `${commit.slice(0, 10)} (${names.join(', ')})`);
  return words.length === 0 ? [] : [`Measured with the program at ${words.join(' and ')}.`, ''];
}

function isRefused({ checked }) {
  return checked !== null && checked !== 'ok';
}

function severalSteps(outcomes) {
  const several = outcomes.filter(({ verdict }) => verdict === 'multi');
  const kinds = ['straight-line', 'loops', 'handlers', 'loops and handlers'];
  const row = (name, some) => {
    const count = (wanted) => some.filter(({ status }) => status === wanted).length;
    const complete = some.filter(({ status }) => status === 'complete');
    const typed = complete.filter(({ checked }) => checked === 'ok').length;
    const ended = (wanted) => complete.filter(({ evidence }) => evidence?.status === wanted).length;
    const cells = [
      some.length,
      complete.length,
      share(complete.length, some.length),
      count('skeleton'),
      count('refused'),
      count('not-called'),
      count('crash'),
      typed,
      ended('proven'),
      ended('partial'),
      ended('differs'),
      ended('not_run'),
    ];
    return `| ${name} | ${cells.join(' | ')} |`;
  };
  return [
    '| constructs | routines | complete | share | skeleton | refused | not called | crashes | type-check | proven | partial | differs | not run |',
    `| --- |${' ---: |'.repeat(12)}`,
    ...kinds.map((kind) =>
      row(
        kind,
        several.filter(({ constructs }) => constructs === kind),
      ),
    ),
    row('**all**', several),
  ];
}

function loadedRow({ project, absent, commit, statements, failed, sites }) {
  const { repository, commit: wanted } = project;
  if (absent) return `| ${repository} | ${wanted.slice(0, 10)} | absent | | |`;
  const shown =
    commit === wanted || commit === null
      ? wanted.slice(0, 10)
      : `${commit.slice(0, 10)} (not ${wanted.slice(0, 10)})`;
  return `| ${repository} | ${shown} | ${statements} | ${failed.length} | ${sites} |`;
}

function shares(results, isCounted) {
  const rows = results.map(({ project, absent, outcomes }) =>
    absent
      ? `| ${project.repository} | absent |${' |'.repeat(8)}`
      : shareRow(project.repository, outcomes.filter(isCounted)),
  );
  const total = results.flatMap(({ outcomes = [] }) => outcomes).filter(isCounted);
  return [
    '| project | routines | kept | several steps | one statement | complete | share | refused | not called | crashes |',
    `| --- |${' ---: |'.repeat(9)}`,
    ...rows,
    shareRow('**all**', total),
  ];
}

function shareRow(name, outcomes) {
  const of = (verdict) => outcomes.filter((outcome) => outcome.verdict === verdict);
  const single = of('single');
  const count = (status) => single.filter((outcome) => outcome.status === status).length;
  const [kept, several] = [of('keep').length, of('multi').length];
  const sum = statuses.reduce((total, status) => total + count(status), 0);
  if (sum !== single.length || kept + several + single.length !== outcomes.length)
    throw new Error(`The statuses of ${name} do not add up`);
  const crashes = outcomes.filter(({ status }) => status === 'crash').length;
  const cells = [
    outcomes.length,
    kept,
    several,
    single.length,
    count('complete'),
    share(count('complete'), single.length),
    count('refused') + count('skeleton'),
    count('not-called'),
    crashes,
  ];
  return `| ${name} | ${cells.join(' | ')} |`;
}
