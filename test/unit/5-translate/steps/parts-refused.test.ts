/** Targets and diagnostics that have no translation: each stands in the function with its line and its name. */
import { beforeAll, describe, expect, it } from 'vitest';
import { translateBodies, type TranslatedBody } from '../../../support/translate-body.js';

const schema = `
  CREATE TYPE pair AS (a integer, b integer);
  CREATE TYPE holder AS (p pair, n text, list integer[]);
  CREATE PROCEDURE counted(INOUT n integer) LANGUAGE plpgsql AS $$ BEGIN n := n + 1; END $$;
  CREATE PROCEDURE counted_all(VARIADIC list integer[]) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
`;

const bodies = {
  slice: [`v integer[] := '{1,2,3}'`, `v[2:3] := ARRAY[p, 9]; RETURN v::text;`],
  element: [`v integer[] := '{1,2,3}'`, `v[2] := p; RETURN v::text;`],
  field_of_field: ['v holder', `v.p.a := p; RETURN v.n;`],
  field: ['v holder', `v.n := 'x' || p; RETURN v.n;`],
  element_of_field: ['v holder', `v.list[2] := p; v.n := 'x'; RETURN v.list::text || v.n;`],
  context: ['v text', `GET DIAGNOSTICS v = PG_CONTEXT; RETURN v;`],
  exception_context: [
    'v text',
    `BEGIN v := 1 / p; EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS v = PG_EXCEPTION_CONTEXT; END; RETURN v;`,
  ],
  message_text: [
    'v text',
    `BEGIN v := 1 / p; EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS v = MESSAGE_TEXT; END; RETURN v;`,
  ],
  call_inout: ['v integer := 1', `CALL counted(v); RETURN v::text;`],
  call_constant: ['v CONSTANT integer := 1', `CALL counted(v); RETURN v::text;`],
  call_value: ['v integer := 1', `CALL counted(v + 1); RETURN v::text;`],
  call_variadic: ['v integer := 1', `CALL counted_all(v, p); RETURN v::text;`],
  behind_a_setting: [
    'v numeric',
    `v := p::numeric + 1; PERFORM set_config('own.a', 'x', true); PERFORM set_config('own.b', v::text, true); RETURN 'x';`,
  ],
  in_a_setting: ['v numeric', `v := p::numeric + 1; PERFORM set_config('own.b', v::text, true); RETURN 'x';`],
} as const;

const functions = Object.entries(bodies).map(
  ([name, [declared, body]]) => `CREATE FUNCTION ${name}(p integer) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE ${declared};
    BEGIN ${body} END $$;`,
);

describe('parts of variables and diagnostics', () => {
  let translated: ReadonlyMap<string, TranslatedBody>;
  beforeAll(async () => {
    const list = await translateBodies([schema, ...functions].join('\n'));
    translated = new Map(list.map((body) => [body.name, body]));
  }, 180_000);

  it.each([
    ['context', 'GET DIAGNOSTICS of PG_CONTEXT'],
    ['exception_context', 'GET STACKED DIAGNOSTICS of PG_EXCEPTION_CONTEXT'],
    ['call_constant', 'CALL whose OUT argument is no variable'],
    ['call_value', 'CALL whose OUT argument is no variable'],
    ['call_variadic', 'CALL'],
    ['behind_a_setting', 'v'],
  ])('%s is refused as %s', (name, why) => {
    const body = translated.get(name);
    expect(body?.outcome).toBe('skeleton');
    expect(body?.untranslated[0]).toContain(why);
  });

  it.each([
    ['call_inout'],
    ['slice'],
    ['field_of_field'],
    ['element'],
    ['field'],
    ['element_of_field'],
    ['message_text'],
    ['in_a_setting'],
  ])('%s is translated', (name) => {
    const body = translated.get(name);
    expect(`${body?.outcome ?? ''}\n${body?.text ?? ''}`).toMatch(/^complete\n/);
  });
});
