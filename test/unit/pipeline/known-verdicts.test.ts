import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Catalog, Routine } from '../../../src/1-read/catalog.js';
import type { Evidence } from '../../../src/7-prove/evidence.js';
import type { Options } from '../../../src/options.js';
import { openKnownVerdicts } from '../../../src/pipeline/known-verdicts.js';
import type { Candidate } from '../../../src/pipeline/site-state.js';
import type { Plan } from '../../../src/pipeline.js';
import { projectFolder, type ProjectFolder } from '../../support/project-folder.js';
import { fixturesFolder } from '../../support/rule-fixtures.js';
import { planFixture } from '../../support/translate-fixture.js';

const proven: Evidence = {
  status: 'proven',
  cases: 12,
  branchesHit: 2,
  branches: 2,
  notCompared: [],
  difference: null,
  reason: null,
};

let plan: Plan;
let folder: ProjectFolder;
beforeAll(async () => {
  plan = await planFixture(join(fixturesFolder, 'rules/calls-routine/inline-expression'), 'off');
}, 180_000);
beforeEach(() => {
  folder = projectFolder({}, { nodeModules: false });
  mkdirSync(folder.path('node_modules'));
});
afterEach(() => folder.remove());

interface Changed {
  readonly options?: Partial<Options>;
  readonly catalog?: Catalog;
  readonly routine?: Routine;
  readonly serverVersion?: string;
  readonly checks?: ReadonlyMap<number, readonly string[]>;
}

function candidateOf({ routine }: Changed): Candidate {
  const [proposal] = plan.state.proven.proposals;
  if (proposal === undefined) throw new Error('The fixture has no site');
  return routine === undefined ? proposal : { ...proposal, site: { ...proposal.site, routine } };
}

function open(changed: Changed = {}) {
  const { state } = plan;
  return openKnownVerdicts(
    { ...state.options, cwd: folder.root, ...changed.options },
    changed.catalog ?? state.catalog,
    {
      serverVersion: changed.serverVersion ?? '18.0',
      checks: changed.checks ?? new Map(),
    },
  );
}

function keep(evidence = proven, changed: Changed = {}): void {
  const verdicts = open(changed);
  verdicts.set(candidateOf({}), 'both texts', evidence);
  verdicts.save();
}

/** What a later run knows. */
function found(changed: Changed = {}, key = 'both texts'): Evidence | null {
  return open(changed).get(candidateOf(changed), key);
}

const file = (): string => folder.path('node_modules/.cache/migrate-rpc/verdicts.json');

test('a second run knows what has not changed', () => {
  expect(found()).toBeNull();
  keep();
  expect(found()).toEqual(proven);
});

test('other code, options, tables, constraints and servers are proven anew', () => {
  keep();
  const { catalog } = plan.state;
  expect(found({}, 'other texts')).toBeNull();
  expect(found({ options: { seed: 2 } })).toBeNull();
  expect(found({ options: { budget: { cases: 5, seconds: 1 } } })).toBeNull();
  expect(found({ serverVersion: '17.0' })).toBeNull();
  expect(found({ checks: new Map([[1, ['CHECK (a > 0)']]]) })).toBeNull();
  const [table, ...tables] = catalog.relations;
  if (table === undefined) throw new Error('The fixture has no table');
  const columns = table.columns.map((column) => ({ ...column, notNull: !column.notNull }));
  expect(found({ catalog: { ...catalog, relations: [{ ...table, columns }, ...tables] } })).toBeNull();
});

test('another body, or one that it calls, is proven anew; one that it does not call is not', () => {
  keep();
  const { catalog } = plan.state;
  const { routine } = candidateOf({}).site;
  const edited = (one: Routine): Routine => ({
    ...one,
    source: `${one.source} `,
    definition: `${one.definition ?? ''} `,
  });
  expect(found({ routine: edited(routine) })).toBeNull();
  const changing = (name: (one: Routine) => boolean): Catalog => ({
    ...catalog,
    routines: catalog.routines.map((one) => (name(one) ? edited(one) : one)),
  });
  const called = catalog.routines.filter(
    ({ name }) => name !== routine.name && new RegExp(`\\b${name}\\b`).test(routine.source),
  );
  expect(called.length).toBeGreaterThan(0);
  expect(found({ catalog: changing((one) => called.includes(one)) })).toBeNull();
  const unrelated: Routine = { ...routine, oid: 1, name: 'unrelated', source: 'SELECT 1', definition: '' };
  expect(found({ catalog: { ...catalog, routines: [...catalog.routines, unrelated] } })).toEqual(proven);
});

test('what differs, did not run or ran on sampled rows is not kept', () => {
  keep({ ...proven, status: 'not_run', reason: 'time limit' });
  expect(found()).toBeNull();
  const difference = { level: 'run', summary: 'x', before: '', after: '', input: '' } as const;
  keep({ ...proven, status: 'differs', difference });
  expect(found()).toBeNull();
  keep(proven, { options: { sample: 10 } });
  expect(found()).toBeNull();
  keep();
  expect(found({ options: { sample: 10 } })).toBeNull();
});

test.each(['', '{"broken', 'null', '[1, 2]', '"text"'])(
  'a file that holds %j is ignored and replaced',
  (text) => {
    keep();
    writeFileSync(file(), text);
    expect(found()).toBeNull();
    keep();
    expect(found()).toEqual(proven);
    expect(() => JSON.parse(readFileSync(file(), 'utf8')) as unknown).not.toThrow();
  },
);
