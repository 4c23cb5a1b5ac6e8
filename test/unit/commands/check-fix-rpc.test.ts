/**
 * `check --fix --db` sends calls by `.rpc()` through the project's Drizzle client: what comes of it is type-checked,
 * and run. What PostgREST gives in another form, or lets another role do, stays with its reason.
 */
import { readFileSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { createJiti } from 'jiti';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ProjectFolder, projectFolder } from '../../support/project-folder.js';
import { runCheck } from '../../support/run-check.js';
import { smallFiles } from '../../support/small-project.js';

const schema = `
CREATE TYPE public.stage AS ENUM ('open', 'shut');
CREATE TABLE public.notes (id integer, body text);
INSERT INTO public.notes VALUES (1, 'a'), (2, 'b');
CREATE TABLE public.secrets (id integer);
ALTER TABLE public.secrets ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION public.add_days(p_day date, p_days integer DEFAULT 1) RETURNS date
  LANGUAGE sql AS $$ SELECT p_day + p_days $$;
CREATE FUNCTION public.next_stage(p_from public.stage) RETURNS public.stage
  LANGUAGE sql AS $$ SELECT CASE WHEN p_from = 'open' THEN 'shut' ELSE NULL END::public.stage $$;
CREATE FUNCTION public.notes_of(p_ids integer[]) RETURNS SETOF public.notes
  LANGUAGE sql AS $$ SELECT * FROM public.notes WHERE id = ANY (p_ids) ORDER BY id $$;
CREATE FUNCTION public.note_ids() RETURNS SETOF integer LANGUAGE sql AS $$ SELECT id FROM public.notes $$;
CREATE FUNCTION public.one_note() RETURNS public.notes LANGUAGE sql AS $$ SELECT * FROM public.notes LIMIT 1 $$;
CREATE FUNCTION public.count_secrets() RETURNS integer LANGUAGE sql AS $$ SELECT count(*)::integer FROM public.secrets $$;
CREATE FUNCTION public.owner_secrets() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = ''
  AS $$ SELECT count(*)::integer FROM public.secrets $$;
CREATE FUNCTION public.who() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('request.jwt.claims', true) $$;
CREATE FUNCTION public.twice(p_id integer) RETURNS integer LANGUAGE sql AS $$ SELECT p_id * 2 $$;
CREATE FUNCTION public.twice(p_id text) RETURNS text LANGUAGE sql AS $$ SELECT p_id || p_id $$;
CREATE FUNCTION public.put_note(p_note public.notes) RETURNS void LANGUAGE sql AS $$ SELECT $$;
CREATE FUNCTION public.total() RETURNS numeric LANGUAGE sql AS $$ SELECT 1.50 $$;
`;
const database = `import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';

export const store: { lite: PGlite } = { lite: new PGlite() };
export const db = drizzle(store.lite);
`;
const head = `import type { SupabaseClient } from '@supabase/supabase-js';
`;
/** A function that calls a routine as supabase-js does. */
const caller = (name: string, given: string, params = '') => `
export async function ${name}(supabase: SupabaseClient${params}) {
  const { data, error } = await supabase.rpc('${name}'${given === '' ? '' : `, ${given}`});
  if (error) throw error;
  return data;
}
`;
const mendable =
  head +
  caller('add_days', '{ p_day: day, p_days: days }', ', day: string, days?: number') +
  caller('next_stage', '{ p_from: from }', `, from: 'open' | 'shut' | null`) +
  caller('notes_of', '{ p_ids: ids }', ', ids: number[]') +
  caller('owner_secrets', '');

let project: ProjectFolder;
beforeAll(() => {
  project = projectFolder({
    'package.json': smallFiles['package.json'],
    'tsconfig.json': smallFiles['tsconfig.json'],
    'schema.sql': schema,
    'src/db.ts': database,
  });
});
afterAll(() => project.remove());
afterEach(() => project.write('src/pay.ts', ''));

const fix = async (text: string, more: Readonly<Record<string, unknown>> = { db: 'schema.sql' }) => {
  const path = project.write('src/pay.ts', text);
  const { code, err } = await runCheck(project.root, { paths: ['src'], fix: true, ...more });
  return { code, said: err, text: readFileSync(path, 'utf8') };
};

describe('check --fix', () => {
  it('leaves a call by .rpc() where no database tells its declared types', async () => {
    const { text, said, code } = await fix(mendable, {});
    expect(text).toBe(mendable);
    expect(said).toContain('line 4 is left: its declared types are not known');
    expect(code).toBe(1);
  }, 180_000);

  it('sends calls through the client of the project, as one that runs', async () => {
    const { text, said } = await fix(mendable);
    expect(said).not.toContain('is left');
    expect(text).toContain(`import { db } from './db.js';`);
    expect(text).toContain(`"p_day" => \${argumentText('date', day)}::text::date`);
    expect(text).toContain(`"p_ids" => \${argumentText('integer[]', ids)}::text::integer[]`);
    expect(text).not.toContain('.rpc(');
    const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: true });
    const { store } = await jiti.import<{ store: { lite: PGlite } }>(project.path('src/db.ts'));
    await store.lite.exec(schema);
    const mended = await jiti.import<Record<string, (...given: unknown[]) => Promise<unknown>>>(
      project.path('src/pay.ts'),
    );
    expect(await mended['add_days']?.(null, '2024-02-28', 2)).toBe('2024-03-01');
    expect(await mended['add_days']?.(null, '2024-02-28')).toBe('2024-02-29');
    expect(await mended['next_stage']?.(null, 'open')).toBe('shut');
    expect(await mended['next_stage']?.(null, null)).toBe(null);
    expect(await mended['notes_of']?.(null, [2, 1])).toEqual([
      { id: 1, body: 'a' },
      { id: 2, body: 'b' },
    ]);
    expect(await mended['notes_of']?.(null, [])).toEqual([]);
    expect(await mended['owner_secrets']?.(null)).toBe(0);
    await store.lite.close();
    const again = await fix(text);
    expect(again.text).toBe(text);
  }, 180_000);

  it.each([
    ['note_ids', '', 'PostgREST gives a list of values, and a query gives rows'],
    ['one_note', '', 'PostgREST gives its one row as an object'],
    ['count_secrets', '', 'row security of public.secrets asks who calls'],
    ['who', '', 'rpc-to-execute would bring body-identity'],
    ['twice', '{ p_id: 1 }', 'it is overloaded'],
    ['put_note', '{ p_note: { id: 1 } }', 'its argument p_note is a composite value'],
    ['total', '', 'a numeric arrives as another value'],
    ['no_such', '', 'public.no_such is not among the routines'],
  ])(
    'leaves %s',
    async (name, given, reason) => {
      const text = head + caller(name, given);
      const run = await fix(text);
      expect(run.text).toBe(text);
      expect(run.said).toContain(reason);
    },
    180_000,
  );

  it('mends what it can beside what would bring a finding', async () => {
    const run = await fix(head + caller('who', '') + caller('owner_secrets', ''));
    expect(run.said).toContain('rpc-to-execute would bring body-identity');
    expect(run.text).toContain(`.rpc('who')`);
    expect(run.text).toContain('"public"."owner_secrets"()');
  }, 180_000);

  it('leaves all where two clients could be meant, unless the file imports one', async () => {
    project.write('src/other.ts', database);
    const text = head + caller('owner_secrets', '');
    const run = await fix(text);
    expect(run.text).toBe(text);
    expect(run.said).toContain('db of src/db.ts and db of src/other.ts; import the right one here');
    const chosen = await fix(
      `import { db as second } from './other.js';\n${text}\nexport const use = second;\n`,
    );
    expect(chosen.text).toContain('await second.execute');
    project.write('src/other.ts', '');
  }, 180_000);
});
