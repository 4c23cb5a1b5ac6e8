/** The figures of all projects as Markdown. Names of repositories and counts only, nothing of their text. */

const statuses = ['complete', 'skeleton', 'refused', 'not-called', 'crash'];

/** One line for the terminal. */
export function renderLine({ project, absent, outcomes, failed, statements }) {
  if (absent) return `${project.repository}: absent`;
  const single = outcomes.filter(({ verdict }) => verdict === 'single');
  const complete = single.filter(({ status }) => status === 'complete');
  const described = complete.filter(({ described }) => described === 'ok');
  const crashes = outcomes.filter(({ status }) => status === 'crash').length;
  const several = outcomes.filter(({ verdict }) => verdict === 'multi');
  const finished = several.filter(({ status }) => status === 'complete');
  return `${project.repository}: ${outcomes.length} routines, ${several.length} of several steps, ${finished.length} complete; ${single.length} single-statement, ${complete.length} complete (${share(complete.length, single.length)}), ${described.length} described, ${crashes} crashes; ${failed.length} of ${statements} statements did not load`;
}

export function renderCoverage(results) {
  const present = results.filter(({ absent }) => !absent);
  const all = present.flatMap(({ outcomes }) => outcomes);
  const called = all.filter((outcome) => outcome.called);
  return [
    '# Coverage of public projects',
    '',
    'Made by `npm run coverage -- <folder with checkouts>`; the repositories and commits stand in `coverage.repos.json`. The SQL of each project is loaded into the embedded PostgreSQL; a statement that fails there is counted and left out. Every function and procedure that is no trigger function and belongs to no extension is classified, and what is one statement in effect is translated for a call ``db.execute(sql`SELECT * FROM f(${a}, …)`)`` with a Drizzle schema as drizzle-kit would take it from the database (views as tables). Each complete translation is built by Drizzle and described by PostgreSQL: the parameters must have the declared types and the columns the types that the old call gave. Nothing is executed.',
    '',
    'The denominator is what `classify` calls one statement in effect, before anything is translated. "Called" are the routines whose name stands in a call in the project\'s own sources, tests left out.',
    '',
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
    '## One statement in effect, not complete',
    '',
    ...counts(
      all.filter(({ verdict, status }) => verdict === 'single' && status !== 'complete'),
      called.filter(({ verdict, status }) => verdict === 'single' && status !== 'complete'),
      ({ reason, status }) =>
        status === 'crash' || status === 'not-called' ? `${status}: ${reason}` : reason,
    ),
    '',
    '## Complete, but not described as expected',
    '',
    ...counts(
      all.filter(({ described }) => described !== null && described !== 'ok'),
      called.filter(({ described }) => described !== null && described !== 'ok'),
      ({ described }) => described,
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
    'Straight-line logic has neither loops nor EXCEPTION; the tree of the body tells, before anything is translated. The generated modules are checked by the compiler, in strict mode, against the schema as TypeScript; each statement that stands alone is described.',
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
    '## Several steps, complete, but not checked or described as expected',
    '',
    ...counts(all.filter(isUnsound), called.filter(isUnsound), ({ checked, described }) =>
      checked === 'ok' ? described : checked,
    ),
    '',
  ].join('\n');
}

function isUnsound({ verdict, status, checked, described }) {
  return verdict === 'multi' && status === 'complete' && (checked !== 'ok' || described !== 'ok');
}

function severalSteps(outcomes) {
  const several = outcomes.filter(({ verdict }) => verdict === 'multi');
  const kinds = ['straight-line', 'loops', 'handlers', 'loops and handlers'];
  const row = (name, some) => {
    const count = (wanted) => some.filter(({ status }) => status === wanted).length;
    const complete = some.filter(({ status }) => status === 'complete');
    const sound = (key) => complete.filter((outcome) => outcome[key] === 'ok').length;
    const cells = [
      some.length,
      complete.length,
      share(complete.length, some.length),
      count('skeleton'),
      count('refused'),
      count('not-called'),
      count('crash'),
      sound('checked'),
      sound('described'),
    ];
    return `| ${name} | ${cells.join(' | ')} |`;
  };
  return [
    '| constructs | routines | complete | share | skeleton | refused | not called | crashes | type-check | described |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
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
      ? `| ${project.repository} | absent |${' |'.repeat(9)}`
      : shareRow(project.repository, outcomes.filter(isCounted)),
  );
  const total = results.flatMap(({ outcomes = [] }) => outcomes).filter(isCounted);
  return [
    '| project | routines | kept | several steps | one statement | complete | share | refused | not called | crashes | described |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
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
  const described = single.filter((outcome) => outcome.described === 'ok').length;
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
    described,
  ];
  return `| ${name} | ${cells.join(' | ')} |`;
}

function share(part, whole) {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** Most frequent first; what belongs to one project by name is counted under its construct. */
function counts(all, called, keyOf) {
  if (all.length === 0) return ['None.'];
  const tally = new Map();
  for (const outcome of all) add(outcome, 0);
  for (const outcome of called) add(outcome, 1);
  function add(outcome, index) {
    const key = general(keyOf(outcome));
    const row = tally.get(key) ?? [0, 0];
    row[index] += 1;
    tally.set(key, row);
  }
  const rows = [...tally].sort(([a, x], [b, y]) => y[0] - x[0] || (a < b ? -1 : 1));
  return [
    '| what | all | called |',
    '| --- | ---: | ---: |',
    ...rows.map(([key, [every, some]]) => `| ${key.replaceAll('|', '\\|')} | ${every} | ${some} |`),
  ];
}

/** Names of a project's own objects are no construct. */
function general(text) {
  return text
    .replace(/a call of the routine \S+/, 'a call of another routine')
    .replace(/^(.*table-not-in-schema): .*/, '$1')
    .replace(/^(not-called: [a-z-]+): .*(\(\w{5}\))$/, '$1 $2')
    .replace(/(?:the )?\b(relation|variable) [\w.]+$/, 'a $1')
    .replace(/TS2769: .*/, 'TS2769: No overload matches this call.')
    .replace(/'[^']{40,}'/g, '…')
    .replace(/\b\S+\.\S+ twice in one query builder/, 'a table twice in one query builder')
    .replace(/\s+/g, ' ');
}
