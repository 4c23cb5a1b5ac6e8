import { describe, expect, it } from 'vitest';
import { mentions, routineNames } from '../../../src/2-find/scan-names.js';

const names = {
  routines: new Set(['touch', 'We"ird name', 'a.b*']),
  known: new Set(['now', 'count', 'lower']),
};

describe('mentions', () => {
  it.each([
    ['a call', 'db.execute(sql`select touch (1)`)'],
    ['another case', "pool.query('SELECT TOUCH(1)')"],
    ['a comment before the parenthesis', 'sql`select touch /* it */ (1)`'],
    ['a name alone in a string', "const name = 'touch'; run('select ' + name)"],
    ['a quoted name', 'sql`select "touch"(1)`'],
    ['a quoted name with a quote, escaped', 'pool.query("select \\"We\\"\\"ird name\\"(1)")'],
    ['a name of signs', 'sql`select "a.b*"(1)`'],
    ['an unknown name', 'sql`select nosuch(1)`'],
    ['an unknown qualified name', 'sql`SELECT * FROM "app"."nosuch"(1)`'],
    ['a quoted name that is a word of the grammar', 'sql`select "coalesce"(1)`'],
    ['an interpolated name', 'sql`select ${name}(1)`'],
    ['a pasted name', "pool.query('select ' + name + '(1)')"],
    ['sql.raw', 'db.execute(sql.raw(text))'],
    ['rpc', "client.rpc('x')"],
    ['rpc of a type', "client.rpc<'x'>(name)"],
    ['rpc by a key', "client['rpc'](name)"],
  ])('says yes to %s', (_name, text) => {
    expect(mentions(text, names)).toBe(true);
  });

  it.each([
    ['built-in functions', 'sql`select now(), count(*) from t where lower(a) = 1`'],
    ['words of the grammar', 'sql`select coalesce(a, now()), exists (select (1)) from lateral (values (1))`'],
    ['a part of a word', 'sql`select 1`; touched(1); _touch(2); touch_all(3); $touch(4)'],
    ['a property of the name', 'select(node.touch.value)'],
    ['a file without SQL', 'touch(1); nosuch(2);'],
  ])('says no to %s', (_name, text) => {
    expect(mentions(text, names)).toBe(false);
  });

  it('says no when the database has no routine', () => {
    expect(mentions("pool.query('select a from b where c')", { routines: new Set(), known: new Set() })).toBe(
      false,
    );
  });

  it('scans a large code base in a moment', () => {
    const many = {
      ...names,
      routines: new Set(Array.from({ length: 600 }, (_one, index) => `do_${String(index)}_it`)),
    };
    const file =
      'export async function list(id: number) { return await db.select().from(users).where(eq(users.id, id)); }\n';
    const texts = Array.from({ length: 500 }, () => file.repeat(60));
    const start = performance.now();
    expect(texts.some((text) => mentions(text, many))).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

it('counts extension-owned routines among the known names', () => {
  const routine = (name: string, extension: string | null) => ({ name, extension });
  const catalog = {
    routines: [routine('touch', null), routine('digest', 'pgcrypto')],
    builtins: new Map([['now', { volatile: false, returnsSet: false, aggregate: false, window: false }]]),
  };
  expect(routineNames(catalog)).toEqual({ routines: new Set(['touch']), known: new Set(['now', 'digest']) });
});
