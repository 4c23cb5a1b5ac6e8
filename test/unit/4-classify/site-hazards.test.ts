/** One plan over calls that PostgreSQL runs without a word and that a person should look at. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Hazard } from '../../../src/4-classify/verdict.js';
import { silentProgress } from '../../../src/io/progress.js';
import { resolveSource } from '../../../src/io/resolve-source.js';
import { planRun } from '../../../src/pipeline.js';
import { smallProject } from '../../support/small-project.js';
import type { ProjectFolder } from '../../support/project-folder.js';

const head = `import { sql } from 'drizzle-orm';\nimport { db } from './db.js';\n\n`;
const call = (parameters: string, text: string): string =>
  `${head}export async function run(${parameters}) {\n  const { rows } = await db.execute(sql\`${text}\`);\n  return rows;\n}\n`;

const calls = {
  'overload.ts': call('id: string', 'SELECT label_of(${id}) AS label'),
  'cast.ts': call('id: number', 'SELECT label_of(${id}::int) AS label'),
  'expanded.ts': call('id: number', 'SELECT (account_of(${id})).*'),
  'from.ts': call('id: number', 'SELECT * FROM account_of(${id})'),
  'swapped.ts': call('fromId: number, toId: number', 'SELECT gap(${toId}, ${fromId}) AS gap'),
  'in-order.ts': call('fromId: number, toId: number', 'SELECT gap(${fromId}, ${toId}) AS gap'),
  'named.ts': call(
    'fromId: number, toId: number',
    'SELECT gap(p_from_id => ${toId}, p_to_id => ${fromId}) AS gap',
  ),
  'optional.ts': call('id?: number', 'SELECT * FROM account_of(${id})'),
  'nan.ts': call('share: number', 'SELECT * FROM above(${share})'),
};

let project: ProjectFolder;
const hazards = new Map<string, readonly Hazard[]>();
beforeAll(async () => {
  project = smallProject({
    ...Object.fromEntries(Object.entries(calls).map(([name, text]) => [`src/${name}`, text])),
    'src/service.ts': null,
    'schema.sql': `
      CREATE TABLE accounts (id integer PRIMARY KEY, owner text NOT NULL, balance integer NOT NULL DEFAULT 0);
      CREATE FUNCTION label_of(p_id integer) RETURNS text STABLE LANGUAGE sql AS $$ SELECT owner FROM accounts WHERE id = p_id $$;
      CREATE FUNCTION label_of(p_id text) RETURNS text STABLE LANGUAGE sql AS $$ SELECT owner FROM accounts WHERE owner = p_id $$;
      CREATE FUNCTION account_of(p_id integer) RETURNS accounts STABLE LANGUAGE sql AS $$ SELECT * FROM accounts WHERE id = p_id $$;
      CREATE FUNCTION gap(p_from_id integer, p_to_id integer) RETURNS bigint STABLE LANGUAGE sql AS $$
        SELECT sum(balance) FROM accounts WHERE id BETWEEN p_from_id AND p_to_id $$;
      CREATE FUNCTION above(p_share double precision) RETURNS SETOF integer STABLE LANGUAGE sql AS $$
        SELECT id FROM accounts WHERE balance > p_share $$;`,
  });
  const { root: folder } = project;
  const plan = await planRun(
    {
      cwd: folder,
      source: resolveSource(join(folder, 'schema.sql'), {}, folder),
      paths: [join(folder, 'src')],
      mode: 'plan',
      only: [],
      skip: [],
      placement: 'auto',
      out: null,
      schema: [],
      client: [],
      transaction: [],
      prove: 'off',
      scratch: null,
      sample: null,
      seed: 1,
      budget: { cases: 50, seconds: 10 },
      applies: 'same',
      skeletons: 'ask',
      reports: [],
      dirtyTree: 'allow',
    },
    { progress: silentProgress },
  );
  for (const { site, verdict, draft } of plan.state.proven.proposals) {
    hazards.set(site.site.file.slice(join(folder, 'src').length + 1), [...verdict.hazards, ...draft.hazards]);
  }
}, 180_000);
afterAll(() => project.remove());

const messages = (file: keyof typeof calls, rule: string): string => {
  const found = hazards.get(file);
  if (found === undefined) throw new Error(`${file} is not rewritten`);
  return found.flatMap((each) => (each.rule === rule ? [each.message] : [])).join('\n');
};

it('names the routine that untyped arguments would fit as well', () => {
  expect(messages('overload.ts', 'silent-overload')).toContain('also fit public.label_of(integer)');
  expect(messages('cast.ts', 'silent-overload')).toBe('');
});

it('says how often an expanded row ran the routine', () => {
  expect(messages('expanded.ts', 'several-executions')).toContain('ran it 3 times');
  expect(messages('from.ts', 'several-executions')).toBe('');
});

it('sees two arguments that go by the name of the other one', () => {
  expect(messages('swapped.ts', 'swapped-arguments')).toContain('`toId` is given for p_from_id');
  expect(messages('in-order.ts', 'swapped-arguments')).toBe('');
  expect(messages('named.ts', 'swapped-arguments')).toBe('');
});

it('says what an argument that may be undefined was sent as', () => {
  expect(messages('optional.ts', 'undefined-argument')).toContain('`id` may be undefined');
  expect(messages('from.ts', 'undefined-argument')).toBe('');
});

it('names arguments that may be NaN', () => {
  expect(messages('nan.ts', 'numeric-argument')).toContain('double precision accepts');
  expect(messages('from.ts', 'numeric-argument')).toBe('');
});
